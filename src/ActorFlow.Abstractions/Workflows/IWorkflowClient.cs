using System.Collections.Immutable;

namespace ActorFlow;

/// <summary>
/// Starts, steers and reads workflow runs. It works the same in a node's own process and from elsewhere. Every change is durable when its
/// method returns, and may be repeated under its command id: the repeat changes nothing. A cancelled or timed-out call may
/// have taken effect.
/// </summary>
/// <remarks>
/// <para>Every method may throw <see cref="UnavailableException"/> (the store is in trouble, or the run cannot be read back) and
/// <see cref="RequestTimeoutException"/> (nothing answered in time). A method that takes the id of a run may throw
/// <see cref="NotFoundException"/> (<c>workflow-not-found</c>).</para>
/// <para>A command id is 1 to 200 visible ASCII characters; null means that a new one is made for the call. A run remembers the last 1,000
/// commands that it accepted and those of the last day, at most 10,000: the same id with other content throws
/// <see cref="ConflictException"/> (<c>command-conflict</c>).</para>
/// </remarks>
public interface IWorkflowClient
{
    /// <summary>The definitions that runs can be started from.</summary>
    IDefinitionClient Definitions { get; }

    /// <summary>Starts a run. A repeat with the same id, definition and input joins the run that is there.</summary>
    /// <param name="definition">The name of a registered definition, as <c>order</c> for its newest version or <c>order@3</c>.</param>
    /// <param name="input">The input; null means the empty object.</param>
    /// <param name="options">Id, tags and more; null means the defaults.</param>
    /// <param name="cancellationToken">Ends the waiting; the run may be started nevertheless.</param>
    /// <exception cref="NotFoundException"><c>definition-not-found</c></exception>
    /// <exception cref="InvalidRequestException"><c>bad-id</c>, <c>invalid-input</c>, <c>invalid-request</c>, <c>payload-too-large</c>, <c>payload-too-deep</c>.</exception>
    /// <exception cref="ConflictException"><c>id-conflict</c>: the id is in use by a run of other content; <c>command-conflict</c>: so is the command id; <c>purged</c>: it was that of a run that was purged lately.</exception>
    Task<WorkflowHandle> StartAsync(
        string definition, Payload? input = null, StartOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Gives the handle of a run; whether there is such a run shows when it is used.</summary>
    /// <param name="id">The id of the run.</param>
    WorkflowHandle GetHandle(string id);

    /// <summary>Describes a run as it is now: its tasks, and what it waits for.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<WorkflowDescription> DescribeAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Explains why a run does not move: everything that holds it up, with the command that helps.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<WorkflowExplanation> ExplainAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Waits until a run has ended, however long that takes and wherever it moves meanwhile.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<WorkflowResult> WaitForResultAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Reads how a run ended; null means that it is open.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<WorkflowResult?> ResultAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Reads a page of the runs that match, the newest start first. Runs that start meanwhile do not affect the following pages.</summary>
    /// <param name="query">The runs to list; null means all.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidRequestException">A value of the query is out of range, or its cursor is none.</exception>
    Task<WorkflowPage> ListPageAsync(ListQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Counts the runs that match, by status; a status that no run has is left out.</summary>
    /// <param name="query">The runs to count; null means all.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidRequestException">A value of the query is out of range.</exception>
    Task<IReadOnlyDictionary<WorkflowStatus, long>> CountAsync(ListQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Reads a page of a run's history.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="from">The place behind which the page begins: the beginning, or <see cref="HistoryPage.Next"/> of the page before.</param>
    /// <param name="limit">How many events the page holds at most, 1 to 1,000. Events of one journal row are not split, and a page holds those of one row at least.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<HistoryPage> HistoryAsync(string id, HistoryToken from = default, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>
    /// Follows a run: the events behind a place and all that come, in order, without gap or repeat, wherever the run moves meanwhile. It ends
    /// after the event that ends the run; from a place at or behind that event it ends at once.
    /// </summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="from">The place: the beginning, or the token of the last event that was seen.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="NotFoundException"><c>workflow-not-found</c>; <c>gone</c>: the run was purged meanwhile.</exception>
    IAsyncEnumerable<HistoryEvent> WatchAsync(string id, HistoryToken from = default, CancellationToken cancellationToken = default);

    /// <summary>Follows changes of many runs, from now on. A slow reader misses some, which are counted; it never slows a run.</summary>
    /// <param name="filter">The runs; null means all.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    IAsyncEnumerable<WorkflowChange> WatchAllAsync(WatchFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a signal, which is kept until a task of the run consumes it.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="name">The signal's name.</param>
    /// <param name="payload">Its payload; null means the JSON value <c>null</c>.</param>
    /// <param name="commandId">The id of this command.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidRequestException"><c>signal-not-found</c>: no task waits for such a signal; <c>invalid-payload</c>, <c>payload-too-large</c>.</exception>
    /// <exception cref="WrongStateException"><c>closed</c></exception>
    Task SignalAsync(string id, string name, Payload? payload = null, string? commandId = null, CancellationToken cancellationToken = default);

    /// <summary>Answers a question. The first valid answer settles it.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="task">The path of the task that asks; the iteration of a loop may be left out.</param>
    /// <param name="value">The answer.</param>
    /// <param name="options">Who answers, and a comment; null means neither.</param>
    /// <param name="commandId">The id of this command.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="NotFoundException"><c>task-not-found</c></exception>
    /// <exception cref="InvalidRequestException"><c>invalid-answer</c></exception>
    /// <exception cref="WrongStateException"><c>not-waiting</c>, <c>closed</c></exception>
    Task AnswerAsync(
        string id, string task, Payload value, AnswerOptions? options = null, string? commandId = null, CancellationToken cancellationToken = default);

    /// <summary>Pauses a run: nothing new starts until it is resumed; what runs continues.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="commandId">The id of this command.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="WrongStateException"><c>closed</c>, <c>rewinding</c></exception>
    Task PauseAsync(string id, string? commandId = null, CancellationToken cancellationToken = default);

    /// <summary>Ends a pause.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="commandId">The id of this command.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="WrongStateException"><c>not-paused</c>, <c>closed</c></exception>
    Task ResumeAsync(string id, string? commandId = null, CancellationToken cancellationToken = default);

    /// <summary>Ends a run in good order: what runs is cancelled, and compensated where the definition says so.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="commandId">The id of this command.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="WrongStateException"><c>closed</c>, <c>rewinding</c></exception>
    Task CancelAsync(string id, string reason, string? commandId = null, CancellationToken cancellationToken = default);

    /// <summary>Ends a run at once, without compensation.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="commandId">The id of this command.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="WrongStateException"><c>closed</c></exception>
    Task TerminateAsync(string id, string reason, string? commandId = null, CancellationToken cancellationToken = default);

    /// <summary>Opens a run that has ended: a failed run continues from its failed tasks, or any run from a task of its own graph.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="from">The task that runs again, with everything downstream of it; null means that only failed tasks run again.</param>
    /// <param name="commandId">The id of this command.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="NotFoundException"><c>task-not-found</c></exception>
    /// <exception cref="WrongStateException"><c>not-closed</c>, <c>not-failed</c>, <c>terminated</c>, <c>consumed</c>, <c>compensated</c></exception>
    Task RetryAsync(string id, string? from = null, string? commandId = null, CancellationToken cancellationToken = default);

    /// <summary>Takes a run back to a checkpoint: first everything under way is cancelled and settles. Returns once the command is recorded.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="checkpoint">The checkpoint's name, or its number as <c>#12</c>.</param>
    /// <param name="commandId">The id of this command.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="NotFoundException"><c>checkpoint-not-found</c></exception>
    /// <exception cref="WrongStateException"><c>compensated</c>, <c>consumed</c>, <c>rewinding</c></exception>
    Task RewindAsync(string id, string checkpoint, string? commandId = null, CancellationToken cancellationToken = default);

    /// <summary>Starts a new run from a checkpoint of another, which does not change.</summary>
    /// <param name="id">The id of the run that is forked.</param>
    /// <param name="options">From where, with which id and input; null means the newest checkpoint, a new id and the input of the run.</param>
    /// <param name="cancellationToken">Ends the waiting; the run may be started nevertheless.</param>
    /// <returns>The new run.</returns>
    /// <exception cref="NotFoundException"><c>checkpoint-not-found</c></exception>
    /// <exception cref="ConflictException"><c>id-conflict</c>, <c>command-conflict</c>, <c>purged</c></exception>
    /// <exception cref="InvalidRequestException"><c>bad-id</c>, <c>invalid-input</c></exception>
    /// <exception cref="WrongStateException"><c>compensated</c></exception>
    Task<WorkflowHandle> ForkAsync(string id, ForkOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Takes a checkpoint under a name; returns once it is stored.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="name">The name, 1 to 200 characters.</param>
    /// <param name="commandId">The id of this command.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidRequestException"><c>bad-name</c></exception>
    /// <exception cref="WrongStateException"><c>closed</c>, <c>rewinding</c></exception>
    Task TakeCheckpointAsync(string id, string name, string? commandId = null, CancellationToken cancellationToken = default);

    /// <summary>Lists the checkpoints of a run that are kept, newest first.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<ImmutableArray<CheckpointSummary>> CheckpointsAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Describes a run as it was at a checkpoint.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="checkpoint">The checkpoint's name, or its number as <c>#12</c>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="NotFoundException"><c>checkpoint-not-found</c></exception>
    Task<WorkflowDescription> CheckpointAsync(string id, string checkpoint, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes a run that has ended, with its history and checkpoints; its id cannot be used again for a day. Deleting a run that was purged
    /// already succeeds.
    /// </summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="commandId">The id of this command.</param>
    /// <param name="cancellationToken">Ends the waiting; the rest of a run of which a part is deleted already is deleted later.</param>
    /// <exception cref="WrongStateException"><c>not-closed</c></exception>
    Task PurgeAsync(string id, string? commandId = null, CancellationToken cancellationToken = default);
}

/// <summary>What an answer says beside its value.</summary>
public sealed record AnswerOptions
{
    /// <summary>Who answers; null, the default, means that this is not given.</summary>
    public string? By { get; init; }

    /// <summary>Who the client says that it answers for, which nothing has proved; null, the default, means that it says nothing.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>A comment; null, the default, means that there is none.</summary>
    public string? Comment { get; init; }
}

/// <summary>How a run is forked.</summary>
public sealed record ForkOptions
{
    /// <summary>The checkpoint's name, or its number as <c>#12</c>; null, the default, means the newest that is kept.</summary>
    public string? From { get; init; }

    /// <summary>The id of the new run; null, the default, means that it follows from <see cref="CommandId"/>, or else is made up.</summary>
    public string? Id { get; init; }

    /// <summary>The input of the new run, for expressions that are evaluated from then on; null, the default, means that of the old one.</summary>
    public Payload? Input { get; init; }

    /// <summary>The id of this command: a repeat under the same one starts nothing anew. Null, the default, means a new one.</summary>
    public string? CommandId { get; init; }
}
