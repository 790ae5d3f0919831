/** Keeps the wanted number of pods for each ReplicationController. */
@NullMarked
package io.kubra.controllers.replication;

import org.jspecify.annotations.NullMarked;
