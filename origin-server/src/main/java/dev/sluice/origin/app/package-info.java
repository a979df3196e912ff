/** The composition root: the only place that calls the parts' constructors. */
@NullMarked
package dev.sluice.origin.app;

import org.jspecify.annotations.NullMarked;
