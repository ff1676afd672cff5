package phi

import "errors"

// What the package's errors say never includes any of the input.
var (
	errUnknownProfile = errors.New("phi: unknown profile: want operational, limited_data_set or safe_harbor")
	errUnknownAction  = errors.New("phi: unknown action")

	errSyntax   = errors.New("phi: input is not one valid JSON value")
	errUTF8     = errors.New("phi: input is not UTF-8")
	errTooDeep  = errors.New("phi: input is nested too deep")
	errTooLarge = errors.New("phi: input is too large")
)
