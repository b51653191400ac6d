"""What pytest collects: functions, classes, marks, decorators, hooks and plugins."""
