/**
 * The field's values, and the interface of an answer's body. Every package may use it; it uses
 * none.
 */
@NullMarked
package dev.sluice.origin.media;

import org.jspecify.annotations.NullMarked;
