/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The key that heads of the store's chain are signed with. */
#include "conf/conf.h"
#include "conf/input.h"
#include "lib/sign.h"

#include <sodium.h>

static void forget(struct text *text)
{
	if (text->s)
		sodium_memzero(text->s, text->cap);
	text_free(text);
}

static int read_key(const char *path, struct sign_key *key, struct err *err)
{
	__attribute__((cleanup(forget))) struct text pem = {0};
	autoinput struct input input = {0};

	if (input_open(&input, path, err) < 0 ||
	    input_check_secret(&input, "key", err) < 0 ||
	    input_text(&input, &pem, err) < 0)
		return -1;
	if (sign_read_key(key, pem.s ? pem.s : "", err) < 0)
		return err_prefix(err, "%s: ", path);
	return 0;
}

int conf_sign_key(const struct conf *conf, struct sign_key *key,
		  struct err *err)
{
	if (!conf->store.sign_key[0])
		return 0;
	if (read_key(conf->store.sign_key, key, err) < 0)
		return err_prefix(err, "%s:%d: sign_key: ", conf->path,
				  conf_line(conf, "store", "sign_key"));
	return 1;
}
