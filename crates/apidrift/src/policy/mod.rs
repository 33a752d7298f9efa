//! What a team decided: changes it accepts, and levels of its own.
