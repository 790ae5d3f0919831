/** Keeps pods with names and volumes of their own, in order. */
@NullMarked
package io.kubra.controllers.statefulset;

import org.jspecify.annotations.NullMarked;
