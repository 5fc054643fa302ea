/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "schema/incident_json.h"

#include "lib/mem.h"
#include "schema/json.h"
#include "schema/story.h"

#include <string.h>

static void put_field(json_t *object, const struct incident *incident,
		      const struct incident_field *field)
{
	switch (field->type) {
	case INCIDENT_TEXT:
		json_put_text(object, field->name,
			      incident_text(incident, field));
		break;
	case INCIDENT_TIME:
		json_put_time(object, field->name,
			      incident_int(incident, field));
		break;
	case INCIDENT_INT:
		json_put_int(object, field->name,
			     incident_int(incident, field));
		break;
	case INCIDENT_BOOL:
		json_put(object, field->name,
			 json_boolean(incident_int(incident, field)));
		break;
	}
}

json_t *incident_json(const struct incident *incident)
{
	json_t *object = json_object();
	autofree char *told = story_text(incident);
	size_t i;

	for (i = 0; i < incident_n_fields; i++)
		if (strcmp(incident_fields[i].name, "job") != 0)
			put_field(object, incident, &incident_fields[i]);
	json_put_text(object, "confidence",
		      incident_confidences[incident_confidence_now(incident)]);
	json_put_text(object, "status", story_status(incident));
	json_put_text(object, "story", told);
	return object;
}
