/**
 * What volume controllers, the scheduler and provisioners have in common: the annotations by which
 * they talk to each other, and which volume suits which claim. Pure functions on API objects.
 */
@NullMarked
package io.kubra.client.volume;

import org.jspecify.annotations.NullMarked;
