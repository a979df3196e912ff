/** The second port: documents, health, metrics. */
@NullMarked
package dev.sluice.origin.admin;

import org.jspecify.annotations.NullMarked;
