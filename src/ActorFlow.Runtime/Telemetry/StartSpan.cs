using System.Diagnostics;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Telemetry;

/// <summary>The span of one start of a run, from the request to its answer. It is the parent of the spans of the run (decision 52).</summary>
internal readonly struct StartSpan
{
    private readonly Activity? _activity;

    private StartSpan(Activity? activity)
    {
        _activity = activity;
        Trace = TraceContexts.Of(activity ?? Activity.Current);
    }

    /// <summary>The trace that the run belongs to; null means that nobody listens, and that the caller is in no trace.</summary>
    public TraceContext? Trace { get; }

    /// <summary>Begins the span, in the trace of the caller.</summary>
    public static StartSpan Begin(string workflowId, DefinitionReference definition)
    {
        if (!ActorFlowTelemetry.Source.HasListeners()
            || ActorFlowTelemetry.Source.StartActivity(SpanNames.Start, ActivityKind.Producer) is not { } activity)
        {
            return new(null);
        }

        activity.DisplayName = $"start {definition.Name}";
        activity.SetTag(TagNames.WorkflowId, workflowId);
        activity.SetTag(TagNames.Definition, definition.Name);
        activity.SetTag(TagNames.DefinitionVersion, definition.Version);
        return new(activity);
    }

    /// <summary>Ends the span with the answer.</summary>
    public Task<TReply> EndAsync<TReply>(Task<TReply> answer) => _activity is null ? answer : EndAsync(_activity, answer);

    private static async Task<TReply> EndAsync<TReply>(Activity activity, Task<TReply> answer)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (Exception error)
        {
            activity.SetTag(TagNames.ErrorType, error is WorkflowRefusedException refused ? refused.Code : error.GetType().FullName);
            activity.SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }
        finally
        {
            activity.Dispose();
        }
    }
}
