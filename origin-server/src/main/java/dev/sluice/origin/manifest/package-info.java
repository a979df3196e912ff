/** One presentation model, and the renderers that never see each other. */
@NullMarked
package dev.sluice.origin.manifest;

import org.jspecify.annotations.NullMarked;
