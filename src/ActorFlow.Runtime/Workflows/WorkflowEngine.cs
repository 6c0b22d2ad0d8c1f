using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;
using Akka.Hosting;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Starts and follows runs from within the process of a node.</summary>
public sealed partial class WorkflowEngine
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(10);

    private readonly IRequiredActor<WorkflowRegion> _region;
    private readonly PlanCache _plans;
    private readonly PersistenceStore _store;

    /// <summary>Made by the host.</summary>
    public WorkflowEngine(IRequiredActor<WorkflowRegion> region, PlanCache plans, PersistenceStore store)
    {
        _region = region;
        _plans = plans;
        _store = store;
    }

    /// <summary>Stores a definition durably, so that runs of it can be started. Storing the same content again changes nothing.</summary>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    public Task<DefinitionReference> RegisterAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default) =>
        _plans.KeepAsync(definition, cancellationToken);

    /// <summary>Starts a run under a generated id.</summary>
    /// <param name="definition">The definition to run; it must have been registered.</param>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Gives up waiting; the run may have started nevertheless.</param>
    /// <returns>The id of the run, durably started.</returns>
    /// <exception cref="WorkflowRefusedException">The start was refused.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    public async Task<string> StartAsync(DefinitionReference definition, Payload input, CancellationToken cancellationToken = default)
    {
        CheckStore();
        var id = Guid.CreateVersion7().ToString("n");
        var start = new WorkflowCommand.Start(id, Guid.CreateVersion7(), Guid.CreateVersion7(), definition, input);
        _store.FreshIds.Mark(PersistenceIds.Of(id), start.CommandId.ToString("n"));
        await AskAsync(start, cancellationToken).ConfigureAwait(false);
        return id;
    }

    /// <summary>
    /// Starts a run under an id that the caller chose. A repeat with the same definition and input returns for the existing run.
    /// </summary>
    /// <inheritdoc cref="StartAsync(DefinitionReference, Payload, CancellationToken)"/>
    public Task StartAsync(string id, DefinitionReference definition, Payload input, CancellationToken cancellationToken = default) =>
        StartAsync(new WorkflowStart(id, definition, input), cancellationToken);

    /// <summary>Starts a run with all its options. A repeat with the same definition and input returns for the existing run.</summary>
    /// <inheritdoc cref="StartAsync(DefinitionReference, Payload, CancellationToken)"/>
    public async Task StartAsync(WorkflowStart start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        CheckId(start.Id);
        CheckStore();
        var command = new WorkflowCommand.Start(start.Id, Guid.CreateVersion7(), Guid.CreateVersion7(), start.Definition, start.Input)
        {
            Companions = start.Companions,
            Directory = start.Directory,
            Tags = start.Tags,
        };
        await AskAsync(command, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the run has ended, however long that takes and wherever it moves meanwhile.</summary>
    /// <exception cref="WorkflowRefusedException">There is no such run.</exception>
    public async Task<WorkflowReply.Ended> EndOfAsync(string id, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await AskForAsync<WorkflowReply.Ended>(new WorkflowQuery.AwaitEnd(id), WatchInterval, cancellationToken).ConfigureAwait(false);
            }
            catch (AskTimeoutException)
            {
                // The run is still open, or has moved meanwhile: ask again.
                CheckReadable(id);
            }
        }
    }

    /// <summary>The status of the run: <see cref="WorkflowReply.Status"/> or <see cref="WorkflowReply.Ended"/>.</summary>
    /// <exception cref="WorkflowRefusedException">There is no such run.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    public Task<WorkflowReply> StatusOfAsync(string id, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowQuery.GetStatus(id), cancellationToken);

    /// <summary>Cancels the run in good order.</summary>
    /// <exception cref="WorkflowRefusedException">There is no such run, or it has ended.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    public Task CancelAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Cancel(id, Guid.CreateVersion7(), reason), cancellationToken);

    /// <summary>Ends the run at once.</summary>
    /// <exception cref="WorkflowRefusedException">There is no such run, or it has ended.</exception>
    /// <exception cref="TimeoutException">Nothing answered in time.</exception>
    public Task TerminateAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        AskAsync(new WorkflowCommand.Terminate(id, Guid.CreateVersion7(), reason), cancellationToken);

    private static void CheckId(string id)
    {
        if (!Identifiers.IsRunId(id))
        {
            throw new WorkflowRefusedException("bad-id", $"The id of a run has 1 to {Limits.IdLength} of the characters A-Z a-z 0-9 . _ ~ -.");
        }
    }

    /// <summary>Refuses a start while the store cannot write: the start would wait for a write that may never succeed.</summary>
    private void CheckStore()
    {
        if (_store.WriteFailure is { } trouble)
        {
            throw new WorkflowRefusedException("unavailable", $"The store cannot write, and keeps trying: {trouble}");
        }
    }

    /// <summary>Refuses a request to a run that cannot be recovered: it would never answer.</summary>
    private void CheckReadable(string id)
    {
        if (_store.Stuck.ReasonOf(id) is { } reason)
        {
            throw new WorkflowRefusedException("unreadable", $"The run '{id}' cannot be read back from the store: {reason}");
        }
    }

    private async Task<WorkflowReply> AskAsync(IWorkflowMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await AskForAsync<WorkflowReply>(message, AnswerTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            CheckReadable(message.WorkflowId);
            throw new TimeoutException($"The run '{message.WorkflowId}' did not answer within {AnswerTimeout.TotalSeconds:0} s.");
        }
    }

    private async Task<TReply> AskForAsync<TReply>(IWorkflowMessage message, TimeSpan timeout, CancellationToken cancellationToken)
        where TReply : WorkflowReply
    {
        if (CommandTexts.Refuse(message) is { } notText)
        {
            throw new WorkflowRefusedException(notText.Code, notText.Reason);
        }

        var region = await _region.GetAsync(cancellationToken).ConfigureAwait(false);
        return await region.Ask<WorkflowReply>(message, timeout, cancellationToken).ConfigureAwait(false) switch
        {
            WorkflowReply.Refused refused => throw new WorkflowRefusedException(refused.Code, refused.Reason),
            TReply reply => reply,
            var other => throw new InvalidOperationException($"The run '{message.WorkflowId}' answered {other.GetType().Name}."),
        };
    }
}

/// <summary>A run refused a request.</summary>
/// <param name="code">A stable code: <c>workflow-not-found</c>, <c>id-conflict</c>, <c>closed</c>, <c>payload-too-large</c>, <c>payload-too-deep</c>, <c>payload-not-text</c>, <c>definition-not-found</c>, <c>invalid-input</c>, <c>bad-id</c>, <c>unavailable</c>, <c>unreadable</c>, and those of <see cref="Decision.Refused"/>.</param>
/// <param name="reason">Why, for people.</param>
public sealed class WorkflowRefusedException(string code, string reason) : Exception(reason)
{
    /// <summary>The stable code.</summary>
    public string Code { get; } = code;
}
