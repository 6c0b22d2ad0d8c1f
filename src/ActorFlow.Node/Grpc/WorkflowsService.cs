using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ActorFlow.Node.Grpc;

/// <summary>The operations on runs over gRPC.</summary>
/// <param name="api">Does them.</param>
internal sealed class WorkflowsService(WorkflowApi api) : V1.Workflows.WorkflowsBase
{
    private static readonly V1.CommandResponse Accepted = new();

    public override async Task<V1.StartWorkflowResponse> Start(V1.StartWorkflowRequest request, ServerCallContext context)
    {
        var (run, result) = await api.StartAsync(
            CallerIdentity.Of(context),
            request.Definition,
            FromWire.Json(request.Input, "input"),
            new()
            {
                Id = FromWire.Text(request.Id),
                CommandId = FromWire.Text(request.CommandId),
                Directory = FromWire.Text(request.Directory),
                Delay = FromWire.Time(request.Delay, "delay"),
                StartAt = FromWire.At(request.StartAt, "startAt"),
                Tags = new Dictionary<string, string>(request.Tags, StringComparer.Ordinal),
            },
            FromWire.Time(request.Wait, "wait"),
            context.CancellationToken).ConfigureAwait(false);
        var response = ResponseOf(run);
        response.Result = result is null ? null : ToWire.Of(result);
        return response;
    }

    public override async Task<V1.Workflow> Get(V1.GetWorkflowRequest request, ServerCallContext context) =>
        ToWire.Of(await api.GetAsync(CallerIdentity.Of(context), request.Id, context.CancellationToken).ConfigureAwait(false));

    public override async Task<V1.Explanation> Explain(V1.ExplainWorkflowRequest request, ServerCallContext context) =>
        ToWire.Of(await api.ExplainAsync(CallerIdentity.Of(context), request.Id, context.CancellationToken).ConfigureAwait(false));

    public override async Task<V1.GetResultResponse> Result(V1.GetResultRequest request, ServerCallContext context)
    {
        var result = await api.ResultAsync(
            CallerIdentity.Of(context), request.Id, FromWire.Time(request.Wait, "wait"), context.CancellationToken).ConfigureAwait(false);
        return new() { Result = result is null ? null : ToWire.Of(result) };
    }

    public override async Task<V1.ListWorkflowsResponse> List(V1.ListWorkflowsRequest request, ServerCallContext context)
    {
        var page = await api.ListAsync(
            CallerIdentity.Of(context), FromWire.Query(request.Filter, request.Limit, request.Cursor), context.CancellationToken).ConfigureAwait(false);
        var response = new V1.ListWorkflowsResponse { Next = page.Next ?? string.Empty, AsOf = Timestamp.FromDateTimeOffset(page.AsOf) };
        response.Items.AddRange(page.Items.Select(ToWire.Of));
        return response;
    }

    public override async Task<V1.CountWorkflowsResponse> Count(V1.CountWorkflowsRequest request, ServerCallContext context)
    {
        var response = new V1.CountWorkflowsResponse();
        response.Counts.AddRange(ToWire.Of(
            await api.CountAsync(CallerIdentity.Of(context), FromWire.Query(request.Filter), context.CancellationToken).ConfigureAwait(false)));
        return response;
    }

    public override async Task<V1.GetHistoryResponse> History(V1.GetHistoryRequest request, ServerCallContext context)
    {
        var page = await api.HistoryAsync(
            CallerIdentity.Of(context), request.Id, FromWire.Place(request.From), request.Limit == 0 ? 100 : request.Limit, context.CancellationToken).ConfigureAwait(false);
        var response = new V1.GetHistoryResponse { Next = page.Next.ToString(), Last = page.IsLast };
        response.Items.AddRange(page.Items.Select(ToWire.Of));
        return response;
    }

    public override async Task Watch(V1.WatchWorkflowRequest request, IServerStreamWriter<V1.HistoryEvent> responseStream, ServerCallContext context)
    {
        var items = api.WatchAsync(CallerIdentity.Of(context), request.Id, FromWire.Place(request.From), context.CancellationToken);
        await foreach (var item in items.ConfigureAwait(false))
        {
            await responseStream.WriteAsync(ToWire.Of(item), context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task WatchAll(V1.WatchAllRequest request, IServerStreamWriter<V1.WorkflowChange> responseStream, ServerCallContext context)
    {
        var items = api.WatchAllAsync(CallerIdentity.Of(context), FromWire.Filter(request.Filter), context.CancellationToken);
        // Whoever starts runs once the headers are there misses none of them.
        await context.WriteResponseHeadersAsync([]).ConfigureAwait(false);
        await foreach (var item in items.ConfigureAwait(false))
        {
            await responseStream.WriteAsync(ToWire.Of(item), context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<V1.CommandResponse> Signal(V1.SignalWorkflowRequest request, ServerCallContext context) => AcceptAsync(api.SignalAsync(
        CallerIdentity.Of(context), request.Id, request.Name, FromWire.Json(request.Payload, "payload") ?? Payload.Null, FromWire.Text(request.CommandId), context.CancellationToken));

    public override Task<V1.CommandResponse> Answer(V1.AnswerWorkflowRequest request, ServerCallContext context) => AcceptAsync(api.AnswerAsync(
        CallerIdentity.Of(context),
        request.Id,
        request.Task,
        FromWire.Json(request.Value, "value") ?? throw WorkflowRefusedException.Of("invalid-request", "value is missing: an answer is a JSON value."),
        FromWire.Text(request.Comment),
        FromWire.Text(request.ClaimedBy),
        FromWire.Text(request.CommandId),
        context.CancellationToken));

    public override Task<V1.CommandResponse> Pause(V1.PauseWorkflowRequest request, ServerCallContext context) =>
        AcceptAsync(api.PauseAsync(CallerIdentity.Of(context), request.Id, FromWire.Text(request.CommandId), context.CancellationToken));

    public override Task<V1.CommandResponse> Resume(V1.ResumeWorkflowRequest request, ServerCallContext context) =>
        AcceptAsync(api.ResumeAsync(CallerIdentity.Of(context), request.Id, FromWire.Text(request.CommandId), context.CancellationToken));

    public override Task<V1.CommandResponse> Cancel(V1.CancelWorkflowRequest request, ServerCallContext context) =>
        AcceptAsync(api.CancelAsync(CallerIdentity.Of(context), request.Id, request.Reason, FromWire.Text(request.CommandId), context.CancellationToken));

    public override Task<V1.CommandResponse> Terminate(V1.TerminateWorkflowRequest request, ServerCallContext context) =>
        AcceptAsync(api.TerminateAsync(CallerIdentity.Of(context), request.Id, request.Reason, FromWire.Text(request.CommandId), context.CancellationToken));

    public override Task<V1.CommandResponse> Retry(V1.RetryWorkflowRequest request, ServerCallContext context) =>
        AcceptAsync(api.RetryAsync(CallerIdentity.Of(context), request.Id, FromWire.Text(request.From), FromWire.Text(request.CommandId), context.CancellationToken));

    public override Task<V1.CommandResponse> Rewind(V1.RewindWorkflowRequest request, ServerCallContext context) =>
        AcceptAsync(api.RewindAsync(CallerIdentity.Of(context), request.Id, request.To, FromWire.Text(request.CommandId), context.CancellationToken));

    public override async Task<V1.StartWorkflowResponse> Fork(V1.ForkWorkflowRequest request, ServerCallContext context) => ResponseOf(await api.ForkAsync(
        CallerIdentity.Of(context),
        request.Id,
        new()
        {
            From = FromWire.Text(request.From),
            Id = FromWire.Text(request.NewId),
            Input = FromWire.Json(request.Input, "input"),
            CommandId = FromWire.Text(request.CommandId),
        },
        context.CancellationToken).ConfigureAwait(false));

    public override Task<V1.CommandResponse> TakeCheckpoint(V1.TakeCheckpointRequest request, ServerCallContext context) =>
        AcceptAsync(api.TakeCheckpointAsync(CallerIdentity.Of(context), request.Id, request.Name, FromWire.Text(request.CommandId), context.CancellationToken));

    public override async Task<V1.ListCheckpointsResponse> Checkpoints(V1.ListCheckpointsRequest request, ServerCallContext context)
    {
        var response = new V1.ListCheckpointsResponse();
        response.Items.AddRange((await api.CheckpointsAsync(CallerIdentity.Of(context), request.Id, context.CancellationToken).ConfigureAwait(false)).Select(ToWire.Of));
        return response;
    }

    public override async Task<V1.Workflow> Checkpoint(V1.GetCheckpointRequest request, ServerCallContext context) =>
        ToWire.Of(await api.CheckpointAsync(CallerIdentity.Of(context), request.Id, request.Checkpoint, context.CancellationToken).ConfigureAwait(false));

    public override Task<V1.CommandResponse> Purge(V1.PurgeWorkflowRequest request, ServerCallContext context) =>
        AcceptAsync(api.PurgeAsync(CallerIdentity.Of(context), request.Id, FromWire.Text(request.CommandId), context.CancellationToken));

    private static V1.StartWorkflowResponse ResponseOf(WorkflowHandle run) => new()
    {
        Id = run.Id,
        RunId = run.Started is { } started ? ToWire.Of(started.RunId) : string.Empty,
        Definition = run.Started?.Definition ?? string.Empty,
        Version = run.Started?.Version ?? 0,
        Created = run.Started?.Created ?? false,
    };

    private static async Task<V1.CommandResponse> AcceptAsync(Task command)
    {
        await command.ConfigureAwait(false);
        return Accepted;
    }
}
