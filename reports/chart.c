/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reports/chart.h"

#include "lib/mem.h"
#include "lib/text.h"
#include "reports/words.h"

#include <inttypes.h>
#include <string.h>

/* Hundredths of a percent, which places and widths are in. */
#define WHOLE 10000

/* --- What all have ------------------------------------------------------ */

static char *grouped(int64_t n)
{
	autofree char *digits = mem_printf("%" PRId64, n);

	return words_grouped(digits);
}

/* Begins a figure, and what explains it. */
static void begin(struct html *html, const char *title)
{
	html_open(html, "figure");
	html_open(html, "figcaption");
	html_element(html, "strong", NULL, title);
	fputc('\n', html->out);
}

/* Ends what explains it, and begins the SVG, that high in pixels. */
static void begin_svg(struct html *html, const char *id, const char *title,
		      const char *description, int height)
{
	autofree char *title_id = mem_printf("%s-title", id);
	autofree char *text_id = mem_printf("%s-text", id);
	autofree char *both = mem_printf("%s %s", title_id, text_id);
	autofree char *pixels = mem_printf("%d", height);

	html_close(html);
	html_open(html, "svg", "width", "100%", "height", pixels, "role", "img",
		  "aria-labelledby", both);
	html_open(html, "title", "id", title_id);
	html_text(html, title);
	html_close(html);
	html_open(html, "desc", "id", text_id);
	html_text(html, description);
	html_close(html);
}

static void end(struct html *html)
{
	html_close(html);
	html_close(html);
}

/* Hatching, for what is not to be told by its colour alone; %s is the chart's
 * id, since those of a page differ. */
static void define_pattern(struct html *html, const char *id, const char *class,
			   const char *path)
{
	fprintf(html->out,
		"<pattern id=\"%s-%s\" class=\"%s\" width=\"6\" height=\"6\" "
		"patternUnits=\"userSpaceOnUse\"><rect width=\"6\" "
		"height=\"6\"/><path d=\"%s\"/></pattern>\n",
		id, class, class, path);
}

#define DIAGONAL "M-1 1 1 -1M0 6 6 0M5 7 7 5"
#define DOTS "M1 1h2v2h-2zM4 4h2v2h-2z"
#define LINES "M0 1.5h6M0 4.5h6"

static void put_percent(FILE *out, const char *name, int64_t hundredths)
{
	fprintf(out, " %s=\"%" PRId64 ".%02" PRId64 "%%\"", name,
		hundredths / 100, hundredths % 100);
}

/* A rectangle of a class; pattern, if not NULL, is one of the chart's. */
static void put_rect(struct html *html, int64_t x, int y, int64_t width,
		     int height, const char *class, const char *id,
		     const char *pattern)
{
	fputs("<rect", html->out);
	put_percent(html->out, "x", x);
	put_percent(html->out, "width", width);
	fprintf(html->out, " y=\"%d\" height=\"%d\" class=\"%s\"", y, height,
		class);
	if (pattern)
		fprintf(html->out, " fill=\"url(#%s-%s)\"", id, pattern);
	fputs("/>\n", html->out);
}

static void put_text(struct html *html, int64_t x, int y, const char *anchor,
		     const char *class, const char *text)
{
	fputs("<text", html->out);
	put_percent(html->out, "x", x);
	fprintf(html->out, " y=\"%d\" text-anchor=\"%s\" class=\"%s\">", y,
		anchor, class);
	html_text(html, text);
	fputs("</text>\n", html->out);
}

/* What colour and pattern mean, in words. */
static void put_key(struct html *html, const char *id, const char *class,
		    const char *pattern, const char *text)
{
	html_open(html, "span", "class", "key");
	fputs("<svg width=\"14\" height=\"14\" aria-hidden=\"true\">",
	      html->out);
	put_rect(html, 0, 0, WHOLE, 14, class, id, pattern);
	fputs("</svg> ", html->out);
	html_text(html, text);
	html_close(html);
	fputc('\n', html->out);
}

static int64_t both(const struct incident_sum sums[CONFIDENCE_N])
{
	return sums[CONFIDENCE_CONFIRMED].incidents +
	       sums[CONFIDENCE_SUSPECTED].incidents;
}

static void put_confidence_keys(struct html *html, const char *id)
{
	put_key(html, id, "confirmed", NULL, "confirmed");
	put_key(html, id, "suspected", "hatch", "suspected, not proven");
}

/* --- Bars --------------------------------------------------------------- */

#define BARS_MAX 10
#define BAR_ROW 40
#define BAR_HEIGHT 14
/* Columns of a name that leave room for numbers on a phone. */
#define BAR_NAME 24

struct bars {
	struct incident_sum sums[BARS_MAX + 1][CONFIDENCE_N];
	const char *names[BARS_MAX + 1];
	size_t n;
	int64_t most;
};

/* The first of the tally, which is sorted, and what all others have. */
static void take_bars(struct bars *bars, const struct tally *tally,
		      const char *others)
{
	size_t i, j;

	*bars = (struct bars){.most = 1};
	for (i = 0; i < tally->n; i++) {
		size_t at = i < BARS_MAX ? i : BARS_MAX;

		bars->names[at] = i < BARS_MAX ? tally->rows[i].name : others;
		for (j = 0; j < CONFIDENCE_N; j++)
			bars->sums[at][j].incidents +=
				tally->rows[i].sums[j].incidents;
		bars->n = at + 1;
	}
	for (i = 0; i < bars->n; i++)
		if (both(bars->sums[i]) > bars->most)
			bars->most = both(bars->sums[i]);
}

static void put_bar(struct html *html, const char *id, const struct bars *bars,
		    size_t i)
{
	int y = (int)i * BAR_ROW;
	int64_t confirmed = bars->sums[i][CONFIDENCE_CONFIRMED].incidents;
	int64_t suspected = bars->sums[i][CONFIDENCE_SUSPECTED].incidents;
	int64_t end = confirmed * WHOLE / bars->most;
	autofree char *safe = text_escaped(bars->names[i]);
	autofree char *name = words_cut(safe, BAR_NAME);
	autofree char *proven = grouped(confirmed);
	autofree char *doubtful = grouped(suspected);
	autofree char *value =
		suspected ? mem_printf("%s + %s suspected", proven, doubtful)
			  : mem_strdup(proven);

	put_text(html, 0, y + 14, "start", "name", name);
	put_text(html, WHOLE, y + 14, "end", "value", value);
	if (confirmed)
		put_rect(html, 0, y + 20, end, BAR_HEIGHT, "confirmed", id,
			 NULL);
	if (suspected)
		put_rect(html, end, y + 20, suspected * WHOLE / bars->most,
			 BAR_HEIGHT, "suspected", id, "hatch");
}

void chart_bars(struct html *html, const char *id, const char *title,
		const char *what, const struct tally *tally)
{
	autofree char *others =
		tally->n > BARS_MAX
			? mem_printf("%zu others", tally->n - BARS_MAX)
			: NULL;
	autofree char *description = mem_printf(
		"Bars of incidents, confirmed and suspected, of %zu %s; the "
		"table below has the numbers.",
		tally->n, what);
	struct bars bars;
	size_t i;

	if (!tally->n)
		return;
	take_bars(&bars, tally, others);
	begin(html, title);
	put_confidence_keys(html, id);
	begin_svg(html, id, title, description, (int)bars.n * BAR_ROW);
	define_pattern(html, id, "hatch", DIAGONAL);
	for (i = 0; i < bars.n; i++)
		put_bar(html, id, &bars, i);
	end(html);
}

/* --- In time ------------------------------------------------------------ */

#define TIME_TOP 22
#define TIME_HEIGHT 150 /* of the highest column */
#define TIME_BOTTOM 26

/* The least of 1, 2, 5, 10, 20 ... that is not less. */
static int64_t round_up(int64_t n)
{
	int64_t step = 1;

	while (step < n) {
		if (2 * step >= n)
			return 2 * step;
		if (5 * step >= n)
			return 5 * step;
		step *= 10;
	}
	return step;
}

static int64_t most_of(const struct bins *bins)
{
	int64_t most = 1;
	size_t i;

	for (i = 0; i < bins->n; i++)
		if (both(bins->bins[i].sums) > most)
			most = both(bins->bins[i].sums);
	return round_up(most);
}

static void put_gaps(struct html *html, const char *id, const struct bins *bins,
		     const struct coverage *coverage)
{
	size_t i, j;

	for (i = 0; i < coverage->n; i++) {
		const struct coverage_spans *spans =
			&coverage->clusters[i].spans;

		for (j = 0; j < spans->n; j++) {
			const struct coverage_span *span = &spans->spans[j];
			int64_t x = bins_place(bins, span->since_s);
			int64_t end = bins_place(bins, span->until_s);

			if (span->how != COVERAGE_GAP)
				continue;
			if (end < x + WHOLE / 200)
				end = x + WHOLE / 200;
			put_rect(html, x, TIME_TOP, end - x, TIME_HEIGHT, "gap",
				 id, "gaps");
		}
	}
}

/* Where the scale is: at nothing, half and all of it. */
static int scale_y(int i)
{
	return TIME_TOP + TIME_HEIGHT - i * TIME_HEIGHT / 2;
}

static void put_lines(struct html *html)
{
	int i;

	for (i = 0; i <= 2; i++)
		fprintf(html->out,
			"<line x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\" "
			"class=\"%s\"/>\n",
			scale_y(i), scale_y(i), i ? "grid" : "axis");
}

static void put_scale(struct html *html, int64_t top)
{
	int i;

	for (i = 1; i <= 2; i++) {
		autofree char *label = grouped(i * top / 2);

		if (i * top % 2 == 0)
			put_text(html, 0, scale_y(i) - 4, "start", "scale",
				 label);
	}
}

/* A column's part, at least so high that it can be seen. */
static int height_of(int64_t n, int64_t top)
{
	int height = (int)(n * TIME_HEIGHT / top);

	return n && height < 2 ? 2 : height;
}

static void put_column(struct html *html, const char *id,
		       const struct bins *bins, size_t i, int64_t top)
{
	const struct incident_sum *sums = bins->bins[i].sums;
	int64_t slot = WHOLE / (int64_t)bins->n;
	int64_t x = (int64_t)i * WHOLE / (int64_t)bins->n + slot / 8;
	int64_t width = slot - slot / 4;
	int bottom = TIME_TOP + TIME_HEIGHT;
	int confirmed = height_of(sums[CONFIDENCE_CONFIRMED].incidents, top);
	int suspected = height_of(sums[CONFIDENCE_SUSPECTED].incidents, top);

	if (confirmed)
		put_rect(html, x, bottom - confirmed, width, confirmed,
			 "confirmed", id, NULL);
	if (suspected)
		put_rect(html, x, bottom - confirmed - suspected, width,
			 suspected, "suspected", id, "hatch");
}

static void put_labels(struct html *html, const struct bins *bins)
{
	/* So many fit on a phone: "5 Oct", or "Oct 2026". */
	size_t most = bins->unit < WHEN_MONTH ? 6 : 4;
	size_t step = (bins->n + most - 1) / most;
	size_t i;

	for (i = 0; i < bins->n; i += step) {
		int64_t x =
			(2 * (int64_t)i + 1) * WHOLE / (2 * (int64_t)bins->n);
		autofree char *label = bins_label(bins, i);
		const char *anchor = "middle";

		if (i == 0 && bins->n > 2) {
			anchor = "start";
			x = 0;
		} else if (x > 9 * WHOLE / 10) {
			anchor = "end";
			x = WHOLE;
		}
		put_text(html, x, TIME_TOP + TIME_HEIGHT + 18, anchor, "scale",
			 label);
	}
}

void chart_time(struct html *html, const char *id, const char *title,
		const struct bins *bins, const struct coverage *coverage)
{
	int64_t top = most_of(bins);
	autofree char *most = grouped(top);
	autofree char *description = mem_printf(
		"Columns of incidents, confirmed and suspected, for each %s; "
		"the scale ends at %s. What was not watched is hatched. The "
		"table below has the numbers.",
		bins_noun(bins), most);
	size_t i;

	begin(html, title);
	put_confidence_keys(html, id);
	if (coverage_count(coverage, COVERAGE_GAP))
		put_key(html, id, "gap", "gaps", "not watched");
	begin_svg(html, id, title, description,
		  TIME_TOP + TIME_HEIGHT + TIME_BOTTOM);
	define_pattern(html, id, "hatch", DIAGONAL);
	define_pattern(html, id, "gaps", LINES);
	put_gaps(html, id, bins, coverage);
	put_lines(html);
	for (i = 0; i < bins->n; i++)
		put_column(html, id, bins, i, top);
	put_scale(html, top);
	put_labels(html, bins);
	end(html);
}

/* --- What became of them ------------------------------------------------ */

/* In the order in which they stand, with the pattern of each. */
static const struct {
	const char *class;
	const char *pattern;
	const char *text;
} outcomes[] = {
	{"restored", NULL, "restored"},
	{"again", "again", "restored, cancelled again"},
	{"acknowledged", "dots", "acknowledged"},
	{"open", NULL, "open"},
};

static void take_outcomes(const struct incident_sum *sum,
			  int64_t parts[LENGTH(outcomes)])
{
	parts[0] = sum->restored;
	parts[1] = sum->again;
	parts[2] = sum->incidents - sum->restored - sum->again - sum->open;
	parts[3] = sum->open;
}

static void put_outcome(struct html *html, const char *id, const char *name,
			const struct incident_sum *sum, int y)
{
	int64_t parts[LENGTH(outcomes)];
	int64_t done = 0;
	autofree char *value = grouped(sum->incidents);
	size_t i;

	take_outcomes(sum, parts);
	put_text(html, 0, y + 14, "start", "name", name);
	put_text(html, WHOLE, y + 14, "end", "value", value);
	for (i = 0; i < LENGTH(outcomes); i++) {
		int64_t x = done * WHOLE / sum->incidents;

		done += parts[i];
		if (parts[i])
			put_rect(html, x, y + 20,
				 done * WHOLE / sum->incidents - x, BAR_HEIGHT,
				 outcomes[i].class, id, outcomes[i].pattern);
	}
}

void chart_outcome(struct html *html, const char *id, const char *title,
		   const struct incident_sum sums[CONFIDENCE_N])
{
	int rows = 0;
	size_t i;

	for (i = 0; i < CONFIDENCE_N; i++)
		rows += sums[i].incidents > 0;
	begin(html, title);
	for (i = 0; i < LENGTH(outcomes); i++)
		put_key(html, id, outcomes[i].class, outcomes[i].pattern,
			outcomes[i].text);
	begin_svg(html, id, title,
		  "A bar of all incidents, divided into restored, restored and "
		  "cancelled again, acknowledged, and open ones; the table "
		  "below has the numbers.",
		  rows * BAR_ROW);
	define_pattern(html, id, "again", DIAGONAL);
	define_pattern(html, id, "dots", DOTS);
	rows = 0;
	for (i = 0; i < CONFIDENCE_N; i++)
		if (sums[i].incidents)
			put_outcome(html, id, incident_confidences[i], &sums[i],
				    rows++ * BAR_ROW);
	end(html);
}
