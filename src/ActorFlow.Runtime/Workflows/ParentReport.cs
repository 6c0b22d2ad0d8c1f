using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Tells the parent how its child ended, repeatedly until the parent acknowledges it (failure rule 13).</summary>
internal sealed class ParentReport(WorkflowSession session, IActorRef runs)
{
    private Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private TimeSpan _at;

    /// <summary>When to check again.</summary>
    public TimeSpan RepeatAt => session.OwesReport ? _at : TimeSpan.MaxValue;

    /// <summary>Lets the next report be sent at once.</summary>
    public void Reset()
    {
        _backoff.Reset();
        _at = TimeSpan.Zero;
    }

    /// <summary>Sends the report if one is owed and due.</summary>
    public void Repeat(TimeSpan now)
    {
        if (now >= _at && session.Report is { } report)
        {
            _at = now + _backoff.Next();
            runs.Tell(report);
        }
    }
}
