/** Makes the claims of generic ephemeral volumes, which live as long as their pods. */
@NullMarked
package io.kubra.controllers.ephemeralvolume;

import org.jspecify.annotations.NullMarked;
