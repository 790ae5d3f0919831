/** Keeps the wanted number of pods for each ReplicaSet. */
@NullMarked
package io.kubra.controllers.replicaset;

import org.jspecify.annotations.NullMarked;
