/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is at work, also behind sudo. */
#ifndef LIB_LOGIN_H
#define LIB_LOGIN_H

/* The name of the user who logged in, as the kernel's audit keeps it, with the
 * one the process runs as where that is another: "anna", "anna (as root)".
 * Where the kernel does not know, what SUDO_USER says is told as no more than
 * that: "root (sudo says anna)". Freed by the caller. */
char *login_name(void);

#endif
