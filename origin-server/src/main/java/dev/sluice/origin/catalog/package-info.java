/**
 * Assets, locators, delivery policies, keys: documents, their validation, their store, and notices
 * of change.
 */
@NullMarked
package dev.sluice.origin.catalog;

import org.jspecify.annotations.NullMarked;
