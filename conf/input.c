/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conf/input.h"

#include "lib/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than any file that is read as a whole. */
#define TEXT_MAX 65536

static const char *kind_of(mode_t mode)
{
	return S_ISDIR(mode) ? "a directory" : "not a regular file";
}

int input_open(struct input *input, const char *path, struct err *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	*input = (struct input){.path = path};
	if (fd < 0)
		return err_set(err, ERR_USAGE, "%s: %s", path, strerror(errno));
	if (fstat(fd, &st) < 0) {
		err_set(err, ERR_USAGE, "%s: %s", path, strerror(errno));
		goto fail;
	}
	if (!S_ISREG(st.st_mode)) {
		err_set(err, ERR_USAGE, "%s: is %s", path, kind_of(st.st_mode));
		goto fail;
	}
	input->file = fdopen(fd, "r");
	if (!input->file) {
		err_set(err, ERR_USAGE, "%s: %s", path, strerror(errno));
		goto fail;
	}
	input->mode = st.st_mode;
	input->text = mem_strdup("");
	input->cap = 1;
	return 0;

fail:
	close(fd);
	return -1;
}

void input_close(struct input *input)
{
	if (!input || !input->file)
		return;
	fclose(input->file);
	free(input->text);
	*input = (struct input){0};
}

int input_next(struct input *input, struct err *err)
{
	ssize_t len;

	errno = 0;
	len = getline(&input->text, &input->cap, input->file);
	if (len < 0 && errno == ENOMEM)
		abort();
	if (len < 0 && ferror(input->file))
		return err_set(err, ERR_USAGE, "%s: %s", input->path,
			       strerror(errno));
	if (len < 0)
		return 0;
	input->line++;
	if (memchr(input->text, '\0', (size_t)len)) {
		err_set(err, ERR_USAGE, "the line holds a NUL byte");
		err_hint(err, "the file is damaged, or not a text file");
		return input_at(input, err);
	}
	if (input->text[len - 1] == '\n')
		input->text[len - 1] = '\0';
	return 1;
}

int input_check_unwritable(const struct input *input, struct err *err)
{
	if (!(input->mode & S_IWOTH))
		return 0;
	err_set(err, ERR_USAGE, "%s: others may write it (mode %04o)",
		input->path, input->mode & 07777U);
	return err_hint(err, "chmod o-w %s", input->path);
}

int input_check_secret(const struct input *input, const char *secret,
		       struct err *err)
{
	if (!(input->mode & (S_IROTH | S_IWOTH)))
		return 0;
	err_set(err, ERR_USAGE,
		"%s: holds a %s, and others may %s it (mode %04o)", input->path,
		secret, input->mode & S_IROTH ? "read" : "write",
		input->mode & 07777U);
	return err_hint(err,
			"chmod 600 %s, and change the %s if others may have "
			"seen it",
			input->path, secret);
}

int input_text(struct input *input, struct text *text, struct err *err)
{
	int rc;

	while ((rc = input_next(input, err)) > 0 && text->len < TEXT_MAX) {
		text_add(text, input->text);
		text_add_char(text, '\n');
	}
	return rc < 0 ? -1 : 0;
}

int input_at(const struct input *input, struct err *err)
{
	return err_prefix(err, "%s:%d: ", input->path, input->line);
}
