using System.Collections.Frozen;
using System.Collections.Immutable;
using ActorFlow.Node.Api;
using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Persistence;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Node.Security;

/// <summary>
/// The API keys as this node knows them. It reads them every 2 s, so that what was made or revoked anywhere counts here within 5 s, waits and streams
/// included. While they cannot be read, those that it knows live for 60 s; then nobody is let in, and nobody is told that a key is wrong (failure
/// rule 92).
/// </summary>
internal sealed partial class KeyRing : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>How often the keys are read.</summary>
    public static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(2);

    /// <summary>How long keys live that cannot be read again.</summary>
    public static readonly TimeSpan LongestKnown = TimeSpan.FromSeconds(60);

    /// <summary>How old a reading may be for a key that is not in it to be wrong: it may have been made since.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(5);

    private readonly IApiKeys? _keys;
    private readonly TimeProvider _time;
    private readonly ILogger<KeyRing> _log;
    private readonly OncePerMinute _told;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private Reading? _reading;
    private int _disposed;
    private Task _watching = Task.CompletedTask;

    /// <param name="keys">The keys of the store; null means that there is no store, and so no key.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it is told that they cannot be read.</param>
    public KeyRing(IApiKeys? keys, TimeProvider time, ILogger<KeyRing> log) => (_keys, _time, _log, _told) = (keys, time, log, new(time));

    /// <summary>Whether any key was ever made; null means that nobody knows. It does not become open again by a key that is revoked or expires.</summary>
    public bool? HasKeys => Current is { } reading ? !reading.IsEmpty : null;

    /// <summary>Ends when the first key is made: the right of those who did not have to sign in.</summary>
    public CallerAccess WithoutKey => Volatile.Read(ref _reading)?.WithoutKey ?? new();

    private Reading? Current => Volatile.Read(ref _reading) is { } reading && _time.GetElapsedTime(reading.At) <= LongestKnown ? reading : null;

    /// <summary>Who has a key.</summary>
    /// <param name="text">Whatever a caller sent.</param>
    /// <exception cref="AccessDeniedException"><c>unauthenticated</c>: it is no key, or it opens nothing any more.</exception>
    /// <exception cref="UnavailableException">The keys cannot be read.</exception>
    public ApiCaller Find(string text)
    {
        if (!ApiKeyText.TryRead(text, out var key))
        {
            throw Unknown();
        }

        var reading = Current ?? throw Unreadable();
        if (!reading.Keys.TryGetValue(key.Id, out var known))
        {
            throw _time.GetElapsedTime(reading.At) > Recent ? Unreadable() : Unknown();
        }

        if (!key.Fits(known.Key.Hash.Span))
        {
            throw Unknown();
        }

        if (!known.Key.IsValid(_time.GetUtcNow()))
        {
            throw WorkflowRefusedException.Of("unauthenticated", Expired(known.Key));
        }

        return known.Caller;
    }

    /// <summary>Reads the keys now.</summary>
    /// <exception cref="Exception">The store cannot read; as it fails.</exception>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (_keys is null)
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var at = _time.GetTimestamp();
            var valid = await _keys.ListAsync(revoked: false, cancellationToken).ConfigureAwait(false);
            var isEmpty = valid.IsEmpty && (await _keys.ListAsync(revoked: true, cancellationToken).ConfigureAwait(false)).IsEmpty;
            Take(valid, isEmpty, at);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the right of those whose key has expired, and of all when the keys could not be read for too long.</summary>
    public void LookAtTime()
    {
        if (Volatile.Read(ref _reading) is not { } reading)
        {
            return;
        }

        if (_keys is not null && _time.GetElapsedTime(reading.At) > LongestKnown)
        {
            foreach (var access in reading.Keys.Values.Select(known => known.Caller.Access).Append(reading.WithoutKey))
            {
                access.End("unavailable", Unreadable().Message);
            }

            return;
        }

        var now = _time.GetUtcNow();
        foreach (var known in reading.Keys.Values.Where(known => !known.Key.IsValid(now)))
        {
            known.Caller.Access.End("unauthenticated", Expired(known.Key));
        }
    }

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (_keys is null)
        {
            _reading = new(FrozenDictionary<string, Known>.Empty, IsEmpty: true, long.MaxValue, new());
            return;
        }

        await TryReadAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        _watching = WatchAsync();
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The host and the services of the node both dispose of it.
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await StoppedAsync(CancellationToken.None).ConfigureAwait(false);
            _stopping.Dispose();
            _turn.Dispose();
        }
    }

    private static WorkflowRefusedException Unknown() =>
        WorkflowRefusedException.Of("unauthenticated", "The key is not known, or was revoked: send a valid one as Authorization: Bearer KEY.");

    private static WorkflowRefusedException Unreadable() =>
        WorkflowRefusedException.Of("unavailable", "The store is in trouble, and who calls cannot be checked: repeat the call later.");

    private static string Expired(StoredApiKey key) => $"The key '{key.Name}' has expired: ask for another one.";

    private void Take(ImmutableArray<StoredApiKey> keys, bool isEmpty, long at)
    {
        var before = _reading;
        // A right that has ended is never given again; a reading that was too old ended them all.
        var known = keys.ToFrozenDictionary(
            key => key.Id,
            key => before?.Keys.GetValueOrDefault(key.Id) is { } former && former.Key.Hash.Span.SequenceEqual(key.Hash.Span) && !former.Caller.Access.Ended.IsCancellationRequested
                ? former
                : new Known(key, new(key.Name, ApiRoles.FromWord(key.Role) ?? ApiRole.None) { Access = new() }),
            StringComparer.Ordinal);
        var withoutKey = before is not null && !before.WithoutKey.Ended.IsCancellationRequested ? before.WithoutKey : new();
        Volatile.Write(ref _reading, new(known, isEmpty, at, withoutKey));
        foreach (var gone in before?.Keys.Values.Where(former => !known.ContainsKey(former.Key.Id)) ?? [])
        {
            gone.Caller.Access.End("unauthenticated", $"The key '{gone.Key.Name}' was revoked.");
        }

        if (!isEmpty)
        {
            withoutKey.End("unauthenticated", "A key was made meanwhile: send one as Authorization: Bearer KEY.");
        }

        LookAtTime();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(ReadEvery, _time);
        var reading = Task.CompletedTask;
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                // A store in trouble keeps a reading waiting: time goes on without it.
                LookAtTime();
                if (reading.IsCompleted)
                {
                    reading = TryReadAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }

        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TryReadAsync()
    {
        try
        {
            await ReadAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (!_stopping.IsCancellationRequested)
        {
            // Whatever it is, it is about to be tried again.
            if (_told.IsDue())
            {
                LogUnreadable(error.Message);
            }
        }
        catch (Exception)
        {
            // The node stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The API keys cannot be read; those that are known open the door for a minute more: {Reason}")]
    private partial void LogUnreadable(string reason);

    private sealed record Known(StoredApiKey Key, ApiCaller Caller);

    /// <param name="Keys">The keys that are not revoked, by id.</param>
    /// <param name="IsEmpty">Whether none was ever made.</param>
    /// <param name="At">When it began to be read.</param>
    /// <param name="WithoutKey">The right of those who did not have to sign in.</param>
    private sealed record Reading(FrozenDictionary<string, Known> Keys, bool IsEmpty, long At, CallerAccess WithoutKey);
}
