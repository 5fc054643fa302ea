/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/output.h"

#include "lib/mem.h"
#include "reports/harmless.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROSE_WIDTH 80

/* No terminal is wider, whatever COLUMNS says. */
#define TERMINAL_MAX 10000

static volatile sig_atomic_t stop;

static void on_signal(int signum)
{
	stop = signum;
}

/* What would end the process with a half-written file beside the old one. A
 * file size limit then is an error of write(). */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGXFSZ, SIG_IGN);
}

/* As the shell has it, or as the kernel has it. */
static size_t terminal_width(int fd)
{
	const char *columns = getenv("COLUMNS");
	long width = columns ? strtol(columns, NULL, 10) : 0;
	struct winsize size = {0};

	if (width <= 0 && ioctl(fd, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (width > TERMINAL_MAX)
		width = TERMINAL_MAX;
	return width > 0 ? (size_t)width : PROSE_WIDTH;
}

static void use(struct output *output, FILE *file)
{
	output->file = file;
	output->terminal = isatty(fileno(file));
	output->width =
		output->terminal ? terminal_width(fileno(file)) : PROSE_WIDTH;
	if (!output->terminal)
		return;
	output->bare = file;
	output->file = harmless_open(file);
}

static int cannot(const char *what, const char *path, struct err *err)
{
	return err_set(err, ERR_STOP, "%s %s: %s", what, path, strerror(errno));
}

/* What a new file gets, or what the one that it replaces has. */
static mode_t wanted_mode(const char *path)
{
	mode_t mask = umask(0);
	struct stat st;

	umask(mask);
	return stat(path, &st) == 0 ? st.st_mode & 07777 : 0666 & ~mask;
}

/* Beside the file, so that rename() can put it in its place. */
static int open_temp(struct output *output, struct err *err)
{
	int fd;

	output->temp = mem_printf("%s.XXXXXX", output->path);
	fd = mkostemp(output->temp, O_CLOEXEC);
	if (fd < 0) {
		free(output->temp);
		output->temp = NULL;
		return cannot("cannot write", output->path, err);
	}
	catch_signals();
	fchmod(fd, wanted_mode(output->path));
	use(output, fdopen(fd, "w"));
	return 0;
}

int output_open(struct output *output, const char *path, struct err *err)
{
	struct stat st;
	FILE *file;

	*output = (struct output){0};
	if (!path || strcmp(path, "-") == 0) {
		use(output, stdout);
		return 0;
	}
	/* A link stays, what it leads to is replaced. */
	output->path = realpath(path, NULL);
	if (!output->path)
		output->path = mem_strdup(path);
	if (stat(output->path, &st) < 0 || S_ISREG(st.st_mode))
		return open_temp(output, err);
	file = fopen(output->path, "we");
	if (!file)
		return cannot("cannot write", output->path, err);
	use(output, file);
	return 0;
}

void output_write(struct output *output, const void *bytes, size_t len)
{
	if (fwrite(bytes, 1, len, output->file) < len && !output->error)
		output->error = errno;
}

/* 0, or EOF and errno. */
static int drop_escaping(struct output *output)
{
	FILE *harmless = output->file;

	if (!output->bare)
		return 0;
	output->file = output->bare;
	output->bare = NULL;
	return fclose(harmless);
}

void output_trust(struct output *output)
{
	drop_escaping(output);
}

void output_color(const struct output *output, enum color color)
{
	const char *begin = color_begin(color);

	if (output->color)
		fputs(begin ? begin : COLOR_END, output->file);
}

bool output_failed(const struct output *output)
{
	return stop || ferror(output->file);
}

/* The name is on disk once its folder is. */
static void sync_folder(const char *path)
{
	autofree char *copy = mem_strdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

static int put_in_place(struct output *output, struct err *err)
{
	if (rename(output->temp, output->path) < 0)
		return cannot("cannot replace", output->path, err);
	free(output->temp);
	output->temp = NULL;
	sync_folder(output->path);
	return 0;
}

/* Everything to the kernel, and a file's to the disk. 0, or an errno. */
static int flush(struct output *output)
{
	bool failed = ferror(output->file) || drop_escaping(output) < 0;

	if (output->error)
		return output->error;
	errno = 0;
	if (fflush(output->file) == 0 && !failed &&
	    (!output->temp || fsync(fileno(output->file)) == 0))
		return 0;
	return errno ? errno : EIO;
}

int output_close(struct output *output, struct err *err)
{
	const char *path = output->path ? output->path : "standard output";
	FILE *file;

	if (stop)
		return err_set(err, ERR_STOP, "%s: interrupted", path);
	errno = flush(output);
	if (errno)
		return cannot("cannot write to", path, err);
	file = output->file;
	output->file = NULL;
	if (fclose(file) != 0)
		return cannot("cannot write to", path, err);
	if (output->temp && put_in_place(output, err) < 0)
		return -1;
	output_discard(output);
	return 0;
}

void output_discard(struct output *output)
{
	if (!output)
		return;
	if (output->file)
		drop_escaping(output);
	if (output->file && output->path)
		fclose(output->file);
	if (output->temp)
		unlink(output->temp);
	free(output->temp);
	free(output->path);
	*output = (struct output){0};
}
