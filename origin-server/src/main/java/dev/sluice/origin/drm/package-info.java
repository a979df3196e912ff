/** What each DRM system signals: pssh boxes, PlayReady objects, Widevine data, ClearKey. */
@NullMarked
package dev.sluice.origin.drm;

import org.jspecify.annotations.NullMarked;
