using System.Collections.Immutable;
using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Index;
using Akka.Hosting;

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// The store of a node that keeps no runs, because it has no role <c>workflow</c>: it is always well, and whoever wants to read or write
/// is refused in one line. Requests to runs pass through the regions and need no store.
/// </summary>
internal sealed class AbsentStore(PersistenceOptions options, TimeProvider time) : PersistenceStore(options, time)
{
    private readonly Refusing _refusing = new();

    public override IDefinitionStore Definitions => _refusing;

    public override IRegisteredDefinitions Registered => _refusing;

    public override IWorkflowIndex Index => _refusing;

    public override ICheckpointCatalog Checkpoints => _refusing;

    public override IRunPurge Purge => _refusing;

    public override IApiKeys Keys => _refusing;

    public override IAuditLog Audit => _refusing;

    public override StoreHealth Health { get; } = new();

    public override Task FlushAsync() => Task.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal override void Configure(AkkaConfigurationBuilder builder) => throw _refusing.Refusal;

    internal override void ThrowIfAbsent() => throw _refusing.Refusal;

    private sealed class Refusing : IDefinitionStore, IRegisteredDefinitions, IWorkflowIndex, ICheckpointCatalog, IRunPurge, IApiKeys, IAuditLog
    {
        // Not "unavailable", which is worth a repeat: this node never has a store.
        public WorkflowRefusedException Refusal => WorkflowRefusedException.Of("no-store", "This node has no store, because it does not have the role workflow: ask a node that has it.");

        Task IDefinitionStore.PutAsync(StoredDefinition definition, CancellationToken cancellationToken) => throw Refusal;

        Task<StoredDefinition?> IDefinitionStore.GetAsync(string hash, CancellationToken cancellationToken) => throw Refusal;

        Task IRegisteredDefinitions.PutAsync(RegisteredDefinition version, CancellationToken cancellationToken) => throw Refusal;

        Task<ImmutableArray<RegisteredDefinition>> IRegisteredDefinitions.ListAsync(CancellationToken cancellationToken) => throw Refusal;

        Task IWorkflowIndex.UpsertAsync(IReadOnlyCollection<WorkflowIndexRow> rows, CancellationToken cancellationToken) => throw Refusal;

        Task<WorkflowIndexRow?> IWorkflowIndex.GetAsync(string workflowId, CancellationToken cancellationToken) => throw Refusal;

        Task<IndexPage> IWorkflowIndex.ListAsync(IndexQuery query, CancellationToken cancellationToken) => throw Refusal;

        Task<IReadOnlyDictionary<WorkflowStatus, long>> IWorkflowIndex.CountAsync(IndexQuery query, CancellationToken cancellationToken) => throw Refusal;

        Task<ImmutableArray<ClaimedRun>> IWorkflowIndex.ClaimDueAsync(
            DateTimeOffset now, int max, TimeSpan claim, IReadOnlyCollection<string>? among, CancellationToken cancellationToken) => throw Refusal;

        Task<ImmutableArray<ClaimedRun>> IWorkflowIndex.ClaimOwingAsync(
            DateTimeOffset closedBefore, DateTimeOffset now, int max, TimeSpan claim, CancellationToken cancellationToken) => throw Refusal;

        Task IWorkflowIndex.SettleAsync(string workflowId, Guid runId, CancellationToken cancellationToken) => throw Refusal;

        Task<bool> IWorkflowIndex.HoldAsync(string workflowId, DateTimeOffset until, CancellationToken cancellationToken) => throw Refusal;

        Task IWorkflowIndex.MarkStuckAsync(string workflowId, IndexedFailure failure, DateTimeOffset at, CancellationToken cancellationToken) => throw Refusal;

        Task<DateTimeOffset?> IWorkflowIndex.PurgedAtAsync(string workflowId, CancellationToken cancellationToken) => throw Refusal;

        Task<int> IWorkflowIndex.RemoveTombstonesAsync(DateTimeOffset purgedBefore, int max, CancellationToken cancellationToken) => throw Refusal;

        Task<IReadOnlyList<KeptCheckpoint>> ICheckpointCatalog.ListAsync(
            string persistenceId, long before, int limit, CancellationToken cancellationToken) => throw Refusal;

        Task<WorkflowCheckpoint?> ICheckpointCatalog.LoadAsync(string persistenceId, long sequence, CancellationToken cancellationToken) => throw Refusal;

        Task<ImmutableArray<DueRun>> IRunPurge.FindAsync(
            DateTimeOffset closedBefore, DateTimeOffset now, int max, CancellationToken cancellationToken) => throw Refusal;

        Task<DueRun?> IRunPurge.FindOneAsync(string workflowId, DateTimeOffset now, CancellationToken cancellationToken) => throw Refusal;

        Task<PurgeStep> IRunPurge.PurgeAsync(IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken cancellationToken) => throw Refusal;

        Task<ApiKeyAddition> IApiKeys.AddAsync(StoredApiKey key, string? command, CancellationToken cancellationToken) => throw Refusal;

        Task<ImmutableArray<StoredApiKey>> IApiKeys.ListAsync(bool revoked, CancellationToken cancellationToken) => throw Refusal;

        Task<ApiKeyRevocation> IApiKeys.RevokeAsync(
            string id, DateTimeOffset at, string by, bool evenTheLast, CancellationToken cancellationToken) => throw Refusal;

        Task IAuditLog.AddAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken) => throw Refusal;

        Task<ImmutableArray<AuditEntry>> IAuditLog.ListAsync(AuditQuery query, CancellationToken cancellationToken) => throw Refusal;

        Task<int> IAuditLog.RemoveAsync(DateTimeOffset before, int max, CancellationToken cancellationToken) => throw Refusal;

        Task<PurgeStep> IRunPurge.ShrinkAsync(DueRun run, int units, DateTimeOffset now, CancellationToken cancellationToken) => throw Refusal;
    }
}
