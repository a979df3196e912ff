/** One class an answer: manifest, init segment, media segment. */
@NullMarked
package dev.sluice.origin.delivery;

import org.jspecify.annotations.NullMarked;
