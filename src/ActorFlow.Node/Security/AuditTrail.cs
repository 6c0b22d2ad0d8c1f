using System.Runtime.InteropServices;
using System.Threading.Channels;
using ActorFlow.Node.Api;
using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Node.Security;

/// <summary>
/// Records who did what (failure rule 93). What is done to runs is written behind, in batches: the journal has the truth, so that an entry may be lost,
/// and is counted. Acts of administration are recorded before they are done, and refused if they cannot be. Refusals at the door are counted per caller,
/// code and minute.
/// </summary>
internal sealed partial class AuditTrail : IHostedService, IAsyncDisposable
{
    /// <summary>How many entries may wait to be written; more are lost.</summary>
    public const int MostWaiting = 10_000;

    /// <summary>How many callers have refusals of their own in a minute; the rest are <see cref="Others"/>.</summary>
    public const int MostRefused = 1_000;

    /// <summary>The caller in whose name refusals of too many are counted.</summary>
    public const string Others = "others";

    /// <summary>The outcome of what was done.</summary>
    public const string Done = "ok";

    private const string Intended = "intended";
    private const int BatchSize = 500;
    private const int PurgeSize = 1_000;

    private static readonly TimeSpan WriteEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RefusalsEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    private readonly IAuditLog? _audit;
    private readonly ApiOptions _options;
    private readonly NodeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditTrail> _log;
    private readonly OncePerMinute _told;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<AuditEntry> _waiting = Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(MostWaiting) { SingleReader = false });
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _counting = new();
    private Dictionary<(string Caller, string Role, string Code), int> _refused = [];
    private Task _work = Task.CompletedTask;
    private int _disposed;

    /// <param name="audit">Where it is kept; null means that the node serves no API.</param>
    /// <param name="options">How long it is kept.</param>
    /// <param name="metrics">Counts what is lost.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it is told that it cannot be written.</param>
    public AuditTrail(IAuditLog? audit, ApiOptions options, NodeMetrics metrics, TimeProvider time, ILogger<AuditTrail> log) =>
        (_audit, _options, _metrics, _time, _log, _told) = (audit, options, metrics, time, log, new(time));

    /// <summary>Does a command, and records it behind its answer.</summary>
    /// <param name="caller">Who asks for it.</param>
    /// <param name="verb">The operation.</param>
    /// <param name="target">What it is done to, asked once it is done.</param>
    /// <param name="commandId">The id of the command; null means that none is given.</param>
    /// <param name="command">Does it.</param>
    public async Task<T> RecordAsync<T>(ApiCaller caller, string verb, Func<T?, string?> target, string? commandId, Func<Task<T>> command)
    {
        try
        {
            var result = await command().ConfigureAwait(false);
            Note(NewEntry(caller, verb, target(result), commandId, Done));
            return result;
        }
        catch (Exception error)
        {
            Note(NewEntry(caller, verb, target(default), commandId, CodeOf(error)));
            throw;
        }
    }

    /// <summary>Does an act of administration: records first that it is meant, and then what became of it.</summary>
    /// <param name="caller">Who asks for it.</param>
    /// <param name="verb">The operation.</param>
    /// <param name="target">What it is done to.</param>
    /// <param name="commandId">The id of the command; null means that none is given.</param>
    /// <param name="act">Does it.</param>
    /// <exception cref="UnavailableException">It cannot be recorded, and was not done.</exception>
    public async Task<T> AdministerAsync<T>(ApiCaller caller, string verb, string target, string? commandId, Func<Task<T>> act)
    {
        // What became of it is found by the command.
        var command = commandId ?? Guid.CreateVersion7().ToString("n");
        await ClientFaults.NameAsync(() => Audit.AddAsync([NewEntry(caller, verb, target, command, Intended)])).ConfigureAwait(false);
        var outcome = Done;
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            outcome = CodeOf(error);
            throw;
        }
        finally
        {
            await AddOrLoseAsync([NewEntry(caller, verb, target, command, outcome)]).ConfigureAwait(false);
        }
    }

    /// <summary>Counts a call that was refused at the door.</summary>
    /// <param name="context">The request.</param>
    /// <param name="refusal">Why it was refused.</param>
    public void NoteRefusal(HttpContext context, WorkflowRefusedException refusal)
    {
        var (caller, role) = CallerIdentity.NameOf(context);
        NoteRefusal(caller, role, refusal);
    }

    /// <inheritdoc cref="NoteRefusal(HttpContext, WorkflowRefusedException)"/>
    /// <param name="caller">Who called.</param>
    /// <param name="role">The caller's role.</param>
    /// <param name="refusal">Why it was refused.</param>
    internal void NoteRefusal(string caller, ApiRole role, WorkflowRefusedException refusal)
    {
        if (_audit is null || refusal.Category is not (RefusalCategory.Unauthenticated or RefusalCategory.Forbidden or RefusalCategory.Overloaded))
        {
            return;
        }

        var key = (AuditText.Of(caller), role.ToWord(), RefusalCode.Of(refusal.Code).ApiWord);
        lock (_counting)
        {
            if (!_refused.ContainsKey(key) && _refused.Count >= MostRefused)
            {
                key = (Others, ApiRole.None.ToWord(), key.ApiWord);
            }

            CollectionsMarshal.GetValueRefOrAddDefault(_refused, key, out _)++;
        }
    }

    /// <summary>Completes when what was recorded before is written, or lost. Refusals of this minute are still counted.</summary>
    public async Task FlushAsync()
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            await WriteAsync().ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_audit is not null)
        {
            _work = Task.WhenAll(WriteBehindAsync(), RepeatAsync(RefusalsEvery, RecordRefusalsAsync), RepeatAsync(PurgeEvery, PurgeAsync));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        RecordRefusals();
        await FlushAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The host and the services of the node both dispose of it.
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stopping.Dispose();
            _writing.Dispose();
        }
    }

    /// <summary>Records the refusals that were counted.</summary>
    internal void RecordRefusals()
    {
        Dictionary<(string Caller, string Role, string Code), int> refused;
        lock (_counting)
        {
            (refused, _refused) = (_refused, []);
        }

        var now = _time.GetUtcNow();
        foreach (var ((caller, role, code), count) in refused)
        {
            Note(new(now, Guid.CreateVersion7().ToString("n"), caller, role, string.Empty, string.Empty, string.Empty, code, count));
        }
    }

    /// <summary>Deletes what is too old.</summary>
    internal async Task PurgeAsync()
    {
        while (await Audit.RemoveAsync(_time.GetUtcNow() - _options.AuditRetention, PurgeSize, _stopping.Token).ConfigureAwait(false) == PurgeSize)
        {
            // There is more.
        }
    }

    private IAuditLog Audit => _audit ?? throw new InvalidOperationException("The node serves no API.");

    private static string CodeOf(Exception error) => error switch
    {
        WorkflowRefusedException refused => RefusalCode.Of(refused.Code).ApiWord,
        OperationCanceledException => "cancelled",
        _ => "internal",
    };

    private AuditEntry NewEntry(ApiCaller caller, string verb, string? target, string? commandId, string outcome) => new(
        _time.GetUtcNow(),
        Guid.CreateVersion7().ToString("n"),
        AuditText.Of(caller.Name),
        caller.Role.ToWord(),
        verb,
        AuditText.Of(target),
        AuditText.Of(commandId),
        outcome);

    private void Note(AuditEntry entry)
    {
        if (_audit is not null && !_waiting.Writer.TryWrite(entry))
        {
            Lose(1, "more are waiting than may");
        }
    }

    private void Lose(int count, string reason)
    {
        _metrics.AuditLost.Add(count);
        if (_told.IsDue())
        {
            LogLost(reason);
        }
    }

    private async Task WriteBehindAsync()
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stopping.Token).ConfigureAwait(false))
            {
                // Others join it meanwhile.
                await Task.Delay(WriteEvery, _time, _stopping.Token).ConfigureAwait(false);
                await FlushAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops, and writes the rest.
        }
    }

    private async Task WriteAsync()
    {
        var batch = new List<AuditEntry>(BatchSize);
        do
        {
            batch.Clear();
            while (batch.Count < BatchSize && _waiting.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            if (batch.Count > 0)
            {
                await AddOrLoseAsync(batch).ConfigureAwait(false);
            }
        }
        while (batch.Count == BatchSize);
    }

    private async Task AddOrLoseAsync(IReadOnlyCollection<AuditEntry> entries)
    {
        try
        {
            await Audit.AddAsync(entries).ConfigureAwait(false);
        }
        catch (Exception failed)
        {
            // What was recorded is done already: all that is left is to say so.
            Lose(entries.Count, failed.Message);
        }
    }

    private Task RecordRefusalsAsync()
    {
        RecordRefusals();
        return Task.CompletedTask;
    }

    private async Task RepeatAsync(TimeSpan every, Func<Task> work)
    {
        using var timer = new PeriodicTimer(every, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                try
                {
                    await work().ConfigureAwait(false);
                }
                catch (Exception failed) when (!_stopping.IsCancellationRequested)
                {
                    // It comes again.
                    LogFailed(failed.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Entries of the audit are lost (actorflow.audit.lost counts them): {Reason}")]
    private partial void LogLost(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit could not be tended, and is again later: {Reason}")]
    private partial void LogFailed(string reason);
}
