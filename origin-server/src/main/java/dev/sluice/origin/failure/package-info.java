/**
 * The sealed family of reasons why a request is not served. Every package may use it; it uses none.
 */
@NullMarked
package dev.sluice.origin.failure;

import org.jspecify.annotations.NullMarked;
