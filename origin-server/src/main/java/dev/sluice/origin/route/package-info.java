/** URL grammar to a sealed request, parsed once, and back again for manifests. */
@NullMarked
package dev.sluice.origin.route;

import org.jspecify.annotations.NullMarked;
