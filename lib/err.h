/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What went wrong, in words for an operator, and what the caller should do. */
#ifndef LIB_ERR_H
#define LIB_ERR_H

enum err_kind {
	ERR_RETRY, /* may pass by itself: a server away, a lock held */
	ERR_STOP,  /* needs a person: a damaged store, a missing right */
	ERR_USAGE, /* wrong command line or configuration */
};

struct err {
	enum err_kind kind;
	char msg[768];  /* the thing and the cause, once */
	char hint[512]; /* what to do about it; empty if nothing is known */
};

/* Sets kind and message and clears the hint. Returns -1, always, so that
 * `return err_set(...)` is one statement. */
int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds the hint to an error that is set. Returns -1. */
int err_hint(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts what was being done in front: "cluster alpha: " + the message.
 * Returns -1. */
int err_prefix(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The exit code of the manual for a kind: 2 or 3. */
int err_exit_code(const struct err *err);

#endif
