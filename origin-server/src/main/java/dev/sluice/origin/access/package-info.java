/** Token to grant: signature, times, issuer, audience, claims. */
@NullMarked
package dev.sluice.origin.access;

import org.jspecify.annotations.NullMarked;
