using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Tells the parent how its child ended, again and again until it says that it knows (failure rule 13).</summary>
internal sealed class ParentReport(WorkflowSession session, IActorRef runs)
{
    private Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private TimeSpan _at;

    /// <summary>When to look again.</summary>
    public TimeSpan RepeatAt => session.OwesReport ? _at : TimeSpan.MaxValue;

    /// <summary>The next report is sent at once.</summary>
    public void Reset()
    {
        _backoff.Reset();
        _at = TimeSpan.Zero;
    }

    /// <summary>Sends the report if one is owed, and it is time.</summary>
    public void Repeat(TimeSpan now)
    {
        if (now >= _at && session.Report is { } report)
        {
            _at = now + _backoff.Next();
            runs.Tell(report);
        }
    }
}
