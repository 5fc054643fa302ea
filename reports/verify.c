/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/chain_verify.h"

#include "conf/input.h"
#include "lib/mem.h"
#include "lib/when.h"
#include "reports/output.h"
#include "reports/page.h"
#include "reports/report.h"
#include "reports/words.h"
#include "schema/json.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

static const char *const signatures[CHAIN_SIGNATURE_N] = {
	[CHAIN_NOT_SIGNED] = "not signed",
	[CHAIN_SIGNED] = "signed (--key tells whether by whom it should be)",
	[CHAIN_SIGNED_WELL] = "signed with this key",
	[CHAIN_SIGNED_BADLY] = "not signed with this key",
};

static const char *const signature_words[CHAIN_SIGNATURE_N] = {
	[CHAIN_NOT_SIGNED] = "none",
	[CHAIN_SIGNED] = "unchecked",
	[CHAIN_SIGNED_WELL] = "good",
	[CHAIN_SIGNED_BADLY] = "bad",
};

/* --- Text ---------------------------------------------------------------- */

/* "entry 5 (restored, incident 7, 2026-11-22T19:41:03+01:00)" */
static void add_entry(struct text *text, const struct chain_finding *finding)
{
	char buf[WHEN_SIZE];

	text_addf(text, "entry %" PRId64, finding->entry_id);
	if (!finding->kind)
		return;
	text_add(text, " (");
	text_add_escaped(text, finding->kind);
	if (finding->incident_id)
		text_addf(text, ", incident %" PRId64, finding->incident_id);
	text_addf(text, ", %s)", when_local(finding->at_s, buf));
}

static void print_finding(const struct output *out,
			  const struct chain_finding *finding)
{
	autotext struct text text = {0};

	if (finding->entry_id) {
		add_entry(&text, finding);
		text_add(&text, ": ");
	}
	text_add_escaped(&text, finding->what);
	fputs("  ", out->file);
	words_wrap(out->file, text.s, page_width(out), 2);
}

static void print_findings(const struct output *out,
			   const struct chain_report *chain)
{
	autotext struct text text = {0};
	size_t i;

	words_count(&text, (int64_t)chain->n_findings, "finding");
	fprintf(out->file, "The store does NOT verify: %s.\n", text.s);
	for (i = 0; i < chain->n_listed; i++)
		print_finding(out, &chain->findings[i]);
	if (chain->n_findings > chain->n_listed)
		fprintf(out->file, "  and %zu more\n",
			chain->n_findings - chain->n_listed);
}

/* "The store verifies: store 1f.., 12 entries from .. to .., 3 incidents." */
static void print_fine(const struct output *out,
		       const struct chain_report *chain)
{
	autotext struct text text = {0};
	char buf[WHEN_SIZE];

	text_addf(&text, "The store verifies: store %s, ",
		  chain->head.store_id);
	text_addf(&text, "%" PRId64 " %s", chain->entries,
		  chain->entries == 1 ? "entry" : "entries");
	text_addf(&text, " from %s", when_local(chain->since_s, buf));
	text_addf(&text, " to %s, ", when_local(chain->until_s, buf));
	words_count(&text, chain->incidents, "incident");
	if (chain->pruned)
		text_addf(&text, ", %" PRId64 " pruned", chain->pruned);
	text_addf(&text, ". Its head is %s, %s.", chain->head.hash,
		  signatures[chain->signature]);
	words_wrap(out->file, text.s, page_width(out), 0);
}

static void print_kept(const struct output *out,
		       const struct chain_report *chain)
{
	size_t i;

	for (i = 0; i < chain->n_kept; i++) {
		const struct chain_kept *kept = &chain->kept[i];
		autotext struct text text = {0};
		char buf[WHEN_SIZE];

		if (!kept->entry_id)
			continue;
		text_addf(&text, "%s is the hash of entry %" PRId64 " of %s; ",
			  kept->hash, kept->entry_id,
			  when_local(kept->at_s, buf));
		text_addf(&text, "%" PRId64 " came since.",
			  chain->entries - kept->entry_id);
		words_wrap(out->file, text.s, page_width(out), 0);
	}
}

static void print_text(const struct output *out,
		       const struct chain_report *chain)
{
	if (chain->n_findings)
		print_findings(out, chain);
	else
		print_fine(out, chain);
	print_kept(out, chain);
}

/* --- JSON ---------------------------------------------------------------- */

static void put_id(json_t *object, const char *name, int64_t id)
{
	json_put(object, name, id ? json_integer(id) : json_null());
}

static json_t *finding_object(const struct chain_finding *finding)
{
	json_t *object = json_object();

	put_id(object, "entry_id", finding->entry_id);
	if (finding->kind)
		json_put_text(object, "kind", finding->kind);
	else
		json_put(object, "kind", json_null());
	put_id(object, "incident_id", finding->incident_id);
	json_put_time(object, "at", finding->at_s);
	json_put_text(object, "what", finding->what);
	return object;
}

static json_t *kept_object(const struct chain_report *chain,
			   const struct chain_kept *kept)
{
	json_t *object = json_object();

	json_put_text(object, "head", kept->hash);
	put_id(object, "entry_id", kept->entry_id);
	json_put_time(object, "at", kept->at_s);
	json_put(object, "since",
		 kept->entry_id ? json_integer(chain->entries - kept->entry_id)
				: json_null());
	return object;
}

static void print_json(FILE *out, const struct chain_report *chain)
{
	json_t *object = json_object();
	json_t *kept = json_array();
	json_t *findings = json_array();
	size_t i;

	for (i = 0; i < chain->n_kept; i++)
		json_array_append_new(kept,
				      kept_object(chain, &chain->kept[i]));
	for (i = 0; i < chain->n_listed; i++)
		json_array_append_new(findings,
				      finding_object(&chain->findings[i]));
	json_put(object, "verifies", json_boolean(!chain->n_findings));
	json_put_text(object, "store", chain->head.store_id);
	json_put_int(object, "entries", chain->entries);
	json_put_time(object, "since", chain->since_s);
	json_put_time(object, "until", chain->until_s);
	json_put_int(object, "incidents", chain->incidents);
	json_put_int(object, "pruned", chain->pruned);
	json_put_text(object, "head", chain->head.hash);
	json_put_time(object, "sealed", chain->head.at_s);
	json_put_text(object, "signature", signature_words[chain->signature]);
	json_put(object, "kept", kept);
	json_put_int(object, "n_findings", (int64_t)chain->n_findings);
	json_put(object, "findings", findings);
	json_dumpf(object, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(object);
}

/* --- The question -------------------------------------------------------- */

/* Takes the digits as they were typed or copied. */
static int read_head(char *head, struct err *err)
{
	size_t len = strlen(head);
	size_t i;

	for (i = 0; i < len; i++)
		head[i] = (char)tolower((unsigned char)head[i]);
	if (len >= CHAIN_KEPT_DIGITS && len <= 64 &&
	    strspn(head, "0123456789abcdef") == len)
		return 0;
	err_set(err, ERR_USAGE, "--head %s is no hash", head);
	return err_hint(err, "it takes 16 to 64 hexadecimal digits, as they "
			     "were logged or reported");
}

static int read_heads(struct text_list *heads, const char *option,
		      struct err *err)
{
	size_t i;

	text_list_split(heads, option ? option : "");
	if (option && !heads->n)
		return err_set(err, ERR_USAGE, "--head names nothing");
	for (i = 0; i < heads->n; i++)
		if (read_head(heads->items[i], err) < 0)
			return -1;
	return 0;
}

/* 1, 0 where none is asked for, -1. */
static int read_key(const char *path, struct sign_public *key, struct err *err)
{
	autoinput struct input input = {0};
	autotext struct text pem = {0};

	if (!path)
		return 0;
	if (input_open(&input, path, err) < 0 ||
	    input_text(&input, &pem, err) < 0)
		return err_prefix(err, "--key ");
	if (sign_read_public(key, pem.s ? pem.s : "", err) < 0)
		return err_prefix(err, "--key %s: ", path);
	return 1;
}

static int answer(const struct report *report, struct chain_report *chain,
		  enum format format, struct err *err)
{
	autooutput struct output out = {0};

	if (chain_verify(report->store, chain, err) < 0 ||
	    output_open(&out, NULL, err) < 0)
		return -1;
	if (format == FORMAT_JSON)
		print_json(out.file, chain);
	else
		print_text(&out, chain);
	if (output_close(&out, err) < 0)
		return -1;
	return chain->n_findings ? REPORT_ALTERED : REPORT_FINE;
}

int verify_run(const struct report *report, struct err *err)
{
	static const enum format formats[] = {FORMAT_TEXT, FORMAT_JSON,
					      FORMAT_N};
	const struct options *options = report->options;
	struct chain_report chain = {0};
	struct text_list heads = {0};
	struct sign_public key;
	enum format format;
	size_t i;
	int rc = -1;

	if (options_format(options, formats, &format, err) < 0 ||
	    read_heads(&heads, options->head, err) < 0)
		goto out;
	rc = read_key(options->key, &key, err);
	if (rc < 0)
		goto out;
	chain.key = rc ? &key : NULL;
	chain.n_kept = heads.n;
	chain.kept = mem_alloc(heads.n, sizeof(*chain.kept));
	for (i = 0; i < heads.n; i++)
		chain.kept[i].hash = heads.items[i];
	rc = answer(report, &chain, format, err);
out:
	chain_report_finish(&chain);
	free(chain.kept);
	text_list_free(&heads);
	return rc;
}
