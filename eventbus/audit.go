package eventbus

import "context"

// An Action is something that an operator did to the bus. It holds no value of
// an event.
type Action struct {
	Name        string   // redrive, purge, reshard or remove_group
	Shard       string   // of redrive and purge
	Group       string   // of remove_group; [Foreign] for a name that ConsumerConfig.Group can't be
	DeadLetters []string // ids of the dead letters that were redriven or purged
	Count       int      // how many these are; of reshard, over how many shards events are to be spread; of remove_group, from how many shards
	Gone        int      // of redrive: letters that could not be given back
	Failed      bool     // it ended with an error, perhaps half-way
}

// audit tells of an action, also when ctx ended in the middle of it.
func (b *Bus) audit(ctx context.Context, a Action) {
	ctx = context.WithoutCancel(ctx)
	b.config.Logger.InfoContext(ctx, "eventbus: an operator's action", "action", a.Name, "shard", a.Shard, "group", a.Group, "count", a.Count, "gone", a.Gone, "failed", a.Failed)
	if b.config.Audit != nil {
		b.config.Audit(ctx, a)
	}
}
