/** Containers to tracks, fragments and samples; server manifests. */
@NullMarked
package dev.sluice.origin.track;

import org.jspecify.annotations.NullMarked;
