/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "login.h"

#include "mem.h"

#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What the kernel has for a process nobody logged in for. */
#define NO_LOGIN ((uid_t)-1)

static char *name_of(uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);

	return pw ? mem_strdup(pw->pw_name) : mem_printf("uid %u", uid);
}

/* The uid that logged in, which no later su or sudo changes. */
static bool audit_uid(uid_t *uid)
{
	FILE *file = fopen("/proc/self/loginuid", "re");
	char number[16];
	char *end;

	*uid = NO_LOGIN;
	if (!file)
		return false;
	if (fgets(number, sizeof(number), file)) {
		*uid = (uid_t)strtoul(number, &end, 10);
		if (end == number)
			*uid = NO_LOGIN;
	}
	fclose(file);
	return *uid != NO_LOGIN;
}

/* Anybody can say it, so it must at least be somebody; NULL: it is not. */
static const char *told_by_sudo(void)
{
	const char *name = getenv("SUDO_USER");

	return name && getpwnam(name) ? name : NULL;
}

char *login_name(void)
{
	autofree char *self = name_of(geteuid());
	autofree char *login = NULL;
	const char *told;
	uid_t uid;

	if (!audit_uid(&uid)) {
		uid = getuid();
		told = told_by_sudo();
		if (uid == geteuid() && told && strcmp(told, self) != 0)
			return mem_printf("%s (sudo says %s)", self, told);
	}
	login = name_of(uid);
	if (strcmp(login, self) == 0)
		return mem_strdup(self);
	return mem_printf("%s (as %s)", login, self);
}
