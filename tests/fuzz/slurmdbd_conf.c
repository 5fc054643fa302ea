/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slurmdbd.conf: a password is in no message, and what is understood means the
 * same when it is written out again. */
#include "conf/slurmdbd_conf.h"

#include "tests/fuzz/fuzz.h"

#include <ctype.h>
#include <inttypes.h>

/* A value in quotes; false: none that the file could say so. */
static bool add_value(struct text *out, const char *key, const char *value)
{
	const char *s;

	text_addf(out, "%s=\"", key);
	for (s = value; *s; s++) {
		if (*s == '#' || *s == '\\')
			text_add_char(out, '\\');
		text_add_char(out, *s);
		/* A quote with a blank behind it would end the value. */
		if (*s == '"' && isspace((unsigned char)s[1]))
			return false;
	}
	text_add(out, "\"\n");
	return !strpbrk(value, "\n");
}

static bool add_conf(struct text *out, const struct slurmdbd_conf *conf)
{
	const struct {
		const char *key;
		const char *value;
	} values[] = {
		{"StorageHost", conf->host},
		{"StorageBackupHost", conf->backup_host},
		{"StorageUser", conf->user},
		{"StoragePass", conf->password},
		{"StorageLoc", conf->database},
	};
	bool good = true;
	size_t i;

	for (i = 0; i < LENGTH(values); i++)
		good &= add_value(out, values[i].key, values[i].value);
	text_addf(out, "StoragePort=%" PRId64 "\n", conf->port);
	text_addf(out,
		  "StorageParameters=\"ssl_ca=%s,SSL_CAPATH=%s,ssl_cert=%s,"
		  "ssl_key=%s,ssl_cipher=%s\"\n",
		  conf->ssl_ca, conf->ssl_capath, conf->ssl_cert, conf->ssl_key,
		  conf->ssl_cipher);
	return good;
}

/* Whether what stands behind StoragePass= can be in a message by no accident:
 * as part of a path, a key or our own words. */
static bool is_telling(const char *password)
{
	return strstr(password, "secret") != NULL;
}

static void check_error(const struct err *err, const char *password)
{
	must(err->kind == ERR_USAGE);
	must(err->msg[0] != '\0');
	must(!is_telling(password) || !strstr(err->msg, password));
	must(!is_telling(password) || !strstr(err->hint, password));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file file;
	struct slurmdbd_conf conf = {0};
	autotext struct text once = {0};
	autotext struct text twice = {0};
	struct err err = {0};
	bool good;
	int rc;

	fuzz_file_write(&file, data, size);
	rc = slurmdbd_conf_read(file.path, &conf, &err);
	/* An Include that names nothing is told, whatever it names. */
	if (rc < 0)
		check_error(&err,
			    strstr(err.msg, "Include") ? "" : conf.password);
	good = rc == 0 && add_conf(&once, &conf);
	/* What is in StorageParameters is not quoted any more. */
	good &= !once.s || !strpbrk(strstr(once.s, "ssl_ca="), "#\\\n\"");
	slurmdbd_conf_finish(&conf);
	if (!good)
		return 0;
	fuzz_file_write(&file, once.s, once.len);
	rc = slurmdbd_conf_read(file.path, &conf, &err);
	if (rc < 0)
		fprintf(stderr, "%s\n%s", err.msg, once.s);
	must(rc == 0);
	add_conf(&twice, &conf);
	slurmdbd_conf_finish(&conf);
	must_equal(once.s, twice.s);
	return 0;
}
