/**
 * AES-128 over many ranges in one call: the interface, an engine in C, and one on the JDK's
 * ciphers.
 *
 * <p>CENC is ISO/IEC 23001-7:2016.
 */
@NullMarked
package dev.sluice.crypto;

import org.jspecify.annotations.NullMarked;
