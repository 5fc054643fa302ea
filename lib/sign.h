/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signatures that openssl can check, by keys that it makes (Ed25519). */
#ifndef LIB_SIGN_H
#define LIB_SIGN_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

#define SIGN_BYTES 64

struct sign_key {
	unsigned char secret[64];
};

struct sign_public {
	unsigned char key[32];
};

/* Reads what `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout`
 * write. -1 (ERR_USAGE): it is something else; the message is to be prefixed
 * with the file's name. */
int sign_read_key(struct sign_key *key, const char *pem, struct err *err);
int sign_read_public(struct sign_public *key, const char *pem, struct err *err);

void sign_forget(struct sign_key *key);

void sign(const struct sign_key *key, const void *bytes, size_t len,
	  unsigned char signature[SIGN_BYTES]);
bool sign_is_by(const struct sign_public *key, const void *bytes, size_t len,
		const unsigned char signature[SIGN_BYTES]);

#endif
