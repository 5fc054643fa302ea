/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sign.h"

#include "mem.h"

#include <sodium.h>
#include <string.h>

/* What stands in front of a key's bytes in DER: PKCS #8 and
 * SubjectPublicKeyInfo with the algorithm 1.3.101.112 (RFC 8410). */
static const unsigned char private_prefix[] = {
	0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
	0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
};
static const unsigned char public_prefix[] = {
	0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
};

/* A kind of PEM block. */
struct block {
	const char *begin;
	const char *end;
	const unsigned char *prefix;
	size_t prefix_len;
};

static const struct block private_block = {
	"-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----",
	private_prefix, sizeof(private_prefix)};
static const struct block public_block = {"-----BEGIN PUBLIC KEY-----",
					  "-----END PUBLIC KEY-----",
					  public_prefix, sizeof(public_prefix)};

/* The 32 bytes behind the prefix. */
static bool read_block(const struct block *block, const char *pem,
		       unsigned char key[32])
{
	const char *begin = strstr(pem, block->begin);
	const char *end = begin ? strstr(begin, block->end) : NULL;
	unsigned char der[64];
	size_t len = 0;
	bool ok;

	if (!end)
		return false;
	begin += strlen(block->begin);
	ok = sodium_base642bin(der, sizeof(der), begin, (size_t)(end - begin),
			       " \t\r\n", &len, NULL,
			       sodium_base64_VARIANT_ORIGINAL) == 0 &&
	     len == block->prefix_len + 32 &&
	     memcmp(der, block->prefix, block->prefix_len) == 0;
	if (ok)
		memcpy(key, der + block->prefix_len, 32);
	sodium_memzero(der, sizeof(der));
	return ok;
}

int sign_read_key(struct sign_key *key, const char *pem, struct err *err)
{
	unsigned char seed[crypto_sign_SEEDBYTES];
	unsigned char public[crypto_sign_PUBLICKEYBYTES];

	if (!read_block(&private_block, pem, seed)) {
		err_set(err, ERR_USAGE, "is no private Ed25519 key in PEM");
		return err_hint(err, "openssl genpkey -algorithm ed25519 "
				     "makes one");
	}
	crypto_sign_seed_keypair(public, key->secret, seed);
	sodium_memzero(seed, sizeof(seed));
	return 0;
}

int sign_read_public(struct sign_public *key, const char *pem, struct err *err)
{
	if (read_block(&public_block, pem, key->key))
		return 0;
	err_set(err, ERR_USAGE, "is no public Ed25519 key in PEM");
	return err_hint(err, "openssl pkey -in KEY -pubout writes the public "
			     "one of a private key");
}

void sign_forget(struct sign_key *key)
{
	if (key)
		sodium_memzero(key, sizeof(*key));
}

void sign(const struct sign_key *key, const void *bytes, size_t len,
	  unsigned char signature[SIGN_BYTES])
{
	crypto_sign_detached(signature, NULL, bytes, len, key->secret);
}

bool sign_is_by(const struct sign_public *key, const void *bytes, size_t len,
		const unsigned char signature[SIGN_BYTES])
{
	return crypto_sign_verify_detached(signature, bytes, len, key->key) ==
	       0;
}
