using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>One child workflow, which ends by itself or when it is told to.</summary>
internal sealed class RunningChild
{
    private readonly World _world;
    private readonly string _path;
    private readonly int _start;
    private readonly Payload _input;

    public RunningChild(World world, string path, int start, Payload input, bool hasTimeout, DateTimeOffset now)
    {
        (_world, _path, _start, _input) = (world, path, start, input);
        Ending = world.ChildEndingOf(path, start, input, hasTimeout);
        EndsAt = Ending is null ? DateTimeOffset.MaxValue : now + world.ChildDurationOf(path, start);
    }

    public DateTimeOffset EndsAt { get; private set; }

    /// <summary>How it ends; none: not yet known.</summary>
    public ChildEnding? Ending { get; private set; }

    public bool IsTold { get; private set; }

    public void Tell(ParentClose close, DateTimeOffset now)
    {
        IsTold = true;
        var reaction = _world.ChildReactionOf(_path, _start, _input, close) ?? (Ending is null ? new(RunOutcome.Cancelled, Payload.Null) : null);
        var reactsAt = now + _world.GraceOf(_path, _start);
        if (reaction is not null && reactsAt < EndsAt)
        {
            (EndsAt, Ending) = (reactsAt, reaction);
        }
    }
}
