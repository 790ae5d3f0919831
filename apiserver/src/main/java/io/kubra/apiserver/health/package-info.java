/** What the server says about itself: health, version, metrics. */
@NullMarked
package io.kubra.apiserver.health;

import org.jspecify.annotations.NullMarked;
