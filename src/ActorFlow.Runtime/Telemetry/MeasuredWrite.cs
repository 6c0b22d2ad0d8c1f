using System.Diagnostics;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Writing;

namespace ActorFlow.Runtime.Telemetry;

/// <summary>Measures how long one write to the journal takes, and hands its end on.</summary>
internal sealed class MeasuredWrite(IWriteCompletion end, NodeMetrics metrics) : IWriteCompletion
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    public void Completed(Exception? failure)
    {
        Record(metrics, _begun, failure);
        end.Completed(failure);
    }

    public void TimedOut() => end.TimedOut();

    /// <summary>Records a write.</summary>
    /// <param name="metrics">The node's instruments.</param>
    /// <param name="begun">When it began, by <see cref="Stopwatch"/>.</param>
    /// <param name="failure">Why it is not stored; null means that it is durable.</param>
    public static void Record(NodeMetrics metrics, long begun, Exception? failure)
    {
        var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        try
        {
            if (failure is null)
            {
                metrics.JournalWriteDuration.Record(took);
            }
            else
            {
                metrics.JournalWriteDuration.Record(took, new KeyValuePair<string, object?>(TagNames.ErrorType, TypeOf(failure)));
            }
        }
        catch (Exception)
        {
            // A listener threw: that must not keep the write from being answered.
        }
    }

    private static string TypeOf(Exception failure) => failure switch
    {
        FencedWriteException => "Fenced",
        OperationCanceledException => "TimedOut",
        _ => "StoreWriteFailed",
    };
}
