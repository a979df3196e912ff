/** Fragments and init segments, written anew from the model. */
@NullMarked
package dev.sluice.origin.segment;

import org.jspecify.annotations.NullMarked;
