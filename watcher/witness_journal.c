/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watcher/witness_journal.h"

#include "lib/mem.h"

#include <errno.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <time.h>

/* Where a journal that was never read is begun. */
#define BEGIN_S 60

/* What one call reads at most; an entry takes some microseconds. */
#define MOST_ENTRIES 20000

/* Of a longer message nothing but its beginning is looked at. */
#define MOST_MESSAGE (16 * 1024)

/* Entries to begin again from, as many as there are places in a sifter. */
#define CURSORS 128
#define CURSOR_EVERY_US 1000000

struct cursor {
	char *cursor;
	int64_t place; /* of its entry */
};

struct witness_journal {
	sd_journal *journal; /* NULL: to be opened */
	char *unit;
	char *folder;
	char *start; /* cursor of the entry to begin with, or NULL */
	struct cursor cursors[CURSORS];
	size_t n_cursors; /* ever made */
	uint64_t cursor_us;
	int64_t n; /* entries read */
};

struct witness_journal *witness_journal_new(const char *unit,
					    const char *folder)
{
	struct witness_journal *journal = mem_alloc(1, sizeof(*journal));

	/* As systemctl takes it. */
	journal->unit = strchr(unit, '.') ? mem_strdup(unit)
					  : mem_printf("%s.service", unit);
	journal->folder = folder ? mem_strdup(folder) : NULL;
	return journal;
}

void witness_journal_free(struct witness_journal *journal)
{
	size_t i;

	if (!journal)
		return;
	for (i = 0; i < CURSORS; i++)
		free(journal->cursors[i].cursor);
	if (journal->journal)
		sd_journal_close(journal->journal);
	free(journal->start);
	free(journal->folder);
	free(journal->unit);
	free(journal);
}

static int journal_error(int code, struct err *err)
{
	err_set(err, ERR_RETRY, "journal: %s", strerror(-code));
	if (code == -EACCES || code == -EPERM)
		err_hint(err, "readers are members of group systemd-journal");
	return -1;
}

/* --- Opening ------------------------------------------------------------ */

/* Whether the entry to begin with is there. */
static bool has_start(struct witness_journal *journal)
{
	return journal->start &&
	       sd_journal_seek_cursor(journal->journal, journal->start) >= 0 &&
	       sd_journal_next(journal->journal) > 0 &&
	       sd_journal_test_cursor(journal->journal, journal->start) > 0;
}

/* Before the entry to begin with. Where that is gone, what is left of the
 * journal comes behind it. */
static int seek(struct witness_journal *journal, struct witness_sift *sift)
{
	uint64_t since_us = (uint64_t)(time(NULL) - BEGIN_S) * 1000000;
	int rc = -1;

	if (journal->start && !has_start(journal))
		witness_sift_resume(sift, 0, true);
	if (journal->start)
		rc = sd_journal_seek_cursor(journal->journal, journal->start);
	/* No cursor at all, or none that can be read. */
	if (rc < 0)
		rc = sd_journal_seek_realtime_usec(journal->journal, since_us);
	return rc;
}

static int open_journal(struct witness_journal *journal,
			struct witness_sift *sift, struct err *err)
{
	autofree char *match = mem_printf("_SYSTEMD_UNIT=%s", journal->unit);
	int rc = journal->folder ? sd_journal_open_directory(&journal->journal,
							     journal->folder, 0)
				 : sd_journal_open(&journal->journal,
						   SD_JOURNAL_LOCAL_ONLY |
							   SD_JOURNAL_SYSTEM);

	if (rc >= 0)
		rc = sd_journal_set_data_threshold(journal->journal,
						   MOST_MESSAGE);
	if (rc >= 0)
		rc = sd_journal_add_match(journal->journal, match, 0);
	if (rc >= 0)
		rc = seek(journal, sift);
	/* From here on it notices files that come and go. */
	if (rc >= 0)
		rc = sd_journal_get_fd(journal->journal);
	if (rc >= 0)
		return 0;
	sd_journal_close(journal->journal);
	journal->journal = NULL;
	return journal_error(rc, err);
}

/* --- Entries ------------------------------------------------------------ */

/* The value of a field of the entry, not NUL-terminated; NULL if it has no
 * such. Valid until the next is asked for. */
static const char *field(struct witness_journal *journal, const char *name,
			 size_t *len)
{
	size_t prefix = strlen(name) + 1;
	const void *data;

	if (sd_journal_get_data(journal->journal, name, &data, len) < 0 ||
	    *len < prefix)
		return NULL;
	*len -= prefix;
	return (const char *)data + prefix;
}

static bool has_value(struct witness_journal *journal, const char *name,
		      const char *value)
{
	size_t len;
	const char *got = field(journal, name, &len);

	return got && len == strlen(value) && memcmp(got, value, len) == 0;
}

/* Whether slurmctld wrote the entry, not what it started: prologs and mail
 * programs run in its unit. _EXE is the journal's word, and on Debian
 * /usr/sbin/slurmctld-wlm. */
static bool is_slurmctld(struct witness_journal *journal)
{
	static const char *const programs[] = {"/slurmctld", "/slurmctld-wlm"};
	size_t len, i;
	const char *exe = field(journal, "_EXE", &len);

	for (i = 0; exe && i < LENGTH(programs); i++) {
		size_t n = strlen(programs[i]);

		if (len >= n && memcmp(exe + len - n, programs[i], n) == 0)
			return true;
	}
	return false;
}

/* What is written to standard error becomes an entry a line: then it is no
 * better than a file. */
static bool is_whole(struct witness_journal *journal)
{
	return has_value(journal, "_TRANSPORT", "syslog") ||
	       has_value(journal, "_TRANSPORT", "journal");
}

/* Cuts off what slurmctld puts in front of a line on standard error: its name
 * or, with format_stderr, a stamp. */
static void cut_prefix(const char **message, size_t *len)
{
	static const char name[] = "slurmctld: ";
	struct witness_stamp stamp;
	size_t n = 0;

	if (*len > strlen(name) && memcmp(*message, name, strlen(name)) == 0)
		n = strlen(name);
	else if (witness_line_stamp(*message, *len, &stamp))
		n = stamp.len;
	*message += n;
	*len -= n;
}

static int take_entry(struct witness_journal *journal,
		      struct witness_sift *sift)
{
	uint64_t at_us;
	const char *message;
	size_t len;
	bool whole;
	int rc;

	rc = sd_journal_get_realtime_usec(journal->journal, &at_us);
	if (rc < 0)
		return rc;
	if (at_us >= journal->cursor_us + CURSOR_EVERY_US ||
	    !journal->n_cursors) {
		struct cursor *cursor =
			&journal->cursors[journal->n_cursors++ % CURSORS];

		free(cursor->cursor);
		*cursor = (struct cursor){.place = journal->n};
		rc = sd_journal_get_cursor(journal->journal, &cursor->cursor);
		if (rc < 0)
			return rc;
		journal->cursor_us = at_us;
	}
	journal->n++;
	if (!is_slurmctld(journal))
		return 0;
	whole = is_whole(journal);
	message = field(journal, "MESSAGE", &len);
	if (!message || len >= MOST_MESSAGE - strlen("MESSAGE=")) {
		witness_sift_gap(sift);
		return 0;
	}
	if (!whole)
		cut_prefix(&message, &len);
	witness_sift_entry(sift, (int64_t)(at_us / 1000), message, len, whole,
			   journal->n - 1);
	return 0;
}

int witness_journal_read(struct witness_journal *journal,
			 struct witness_sift *sift, struct err *err)
{
	int64_t stop = journal->n + MOST_ENTRIES;
	int rc;

	if (!journal->journal && open_journal(journal, sift, err) < 0)
		return -1;
	/* Files may have come or gone. */
	rc = sd_journal_process(journal->journal);
	while (rc >= 0 && journal->n < stop) {
		rc = sd_journal_next(journal->journal);
		if (rc == 0)
			return 0;
		if (rc > 0)
			rc = take_entry(journal, sift);
	}
	return rc < 0 ? journal_error(rc, err) : 1;
}

/* --- Where to begin again ----------------------------------------------- */

json_t *witness_journal_position(const struct witness_journal *journal,
				 const struct witness_sift *sift)
{
	bool blind;
	int64_t restart = witness_sift_restart(sift, journal->n, &blind);
	int64_t given = witness_sift_given(sift, journal->n);
	size_t first =
		journal->n_cursors > CURSORS ? journal->n_cursors - CURSORS : 0;
	const struct cursor *cursor = NULL;
	size_t i;

	for (i = journal->n_cursors; i-- > first;) {
		cursor = &journal->cursors[i % CURSORS];
		if (cursor->place <= restart)
			break;
	}
	if (!cursor)
		return NULL;
	blind |= cursor->place > restart;
	return json_pack("{s:s, s:I, s:b}", "cursor", cursor->cursor, "given",
			 (json_int_t)(given - cursor->place), "blind", blind);
}

int witness_journal_resume(struct witness_journal *journal,
			   struct witness_sift *sift, json_t *position,
			   struct err *err)
{
	const char *cursor;
	json_int_t given;
	int blind = false;

	if (json_unpack(position, "{s:s, s:I, s?b}", "cursor", &cursor, "given",
			&given, "blind", &blind) < 0)
		return err_set(err, ERR_STOP,
			       "journal: what is stored of it is no position");
	journal->start = mem_strdup(cursor);
	witness_sift_resume(sift, given, blind);
	return 0;
}
