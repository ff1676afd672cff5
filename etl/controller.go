package etl

import (
	"context"
	"sync"
)

// A Controller starts and stops a pipeline by request, as an operator's API
// does. All its methods are safe for concurrent use. A program that only runs
// its pipeline needs none: [Pipeline.Run] is enough.
type Controller struct {
	pipeline *Pipeline

	mu       sync.Mutex
	stop     context.CancelFunc
	stopping bool
	done     chan struct{} // closed once Run has returned; nil before the first Start
}

// NewController returns a controller of a pipeline that nobody else runs.
func NewController(p *Pipeline) *Controller { return &Controller{pipeline: p} }

// Start has the pipeline run until Stop, and returns at once, or once a Stop that is
// under way has ended. It does nothing while it runs. Values of ctx reach the
// pipeline; its end does not, since requests end. It returns [ErrRunning] when someone
// else runs the pipeline.
func (c *Controller) Start(ctx context.Context) error {
	for {
		stopped, err := c.start(ctx)
		if stopped == nil {
			return err
		}
		select {
		case <-stopped:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// start has the pipeline run unless it does. While it is being stopped, it returns
// what is closed once it has.
func (c *Controller) start(ctx context.Context) (stopped <-chan struct{}, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running() {
		if c.stopping {
			return c.done, nil
		}
		return nil, nil
	}
	if err := c.pipeline.enter(StateRunning); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	c.stop, c.done, c.stopping = stop, done, false
	go func() {
		defer close(done)
		defer stop()
		defer c.pipeline.leave()
		c.pipeline.run(ctx)
	}()
	return nil, nil
}

// Stop has the pipeline stop and returns when it has, or ctx's error when that
// is done first; the pipeline stops all the same. It does nothing while the
// pipeline is stopped.
func (c *Controller) Stop(ctx context.Context) error {
	c.mu.Lock()
	done, stop := c.done, c.stop
	c.stopping = true
	c.mu.Unlock()
	if done == nil {
		return nil
	}
	stop()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Status is that of the pipeline.
func (c *Controller) Status() Status { return c.pipeline.Status() }

func (c *Controller) running() bool {
	if c.done == nil {
		return false
	}
	select {
	case <-c.done:
		return false
	default:
		return true
	}
}
