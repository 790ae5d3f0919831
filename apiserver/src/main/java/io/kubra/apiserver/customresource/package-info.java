/**
 * Custom resources: follows the CustomResourceDefinitions, decides on their names, adds what they
 * define to the catalogue and to what is served, and removes the objects of a definition that goes.
 * Definitions are followed by one thread; conditions are written by another.
 */
@NullMarked
package io.kubra.apiserver.customresource;

import org.jspecify.annotations.NullMarked;
