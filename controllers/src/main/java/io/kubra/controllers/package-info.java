/** The cluster's controllers: one package each, all in the same shape, assembled in one list. */
@NullMarked
package io.kubra.controllers;

import org.jspecify.annotations.NullMarked;
