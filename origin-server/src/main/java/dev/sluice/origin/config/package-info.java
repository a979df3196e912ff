/** Settings: conf/sluice.yaml and the command line's options. */
@NullMarked
package dev.sluice.origin.config;

import org.jspecify.annotations.NullMarked;
