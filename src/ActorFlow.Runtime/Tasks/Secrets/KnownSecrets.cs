using System.Collections;

namespace ActorFlow.Runtime.Tasks.Secrets;

/// <summary>
/// The secrets that a worker knows of: those it began with, and all that it resolved since. What one task was given another may
/// print, so there is one mask for all.
/// </summary>
internal sealed class KnownSecrets
{
    /// <summary>How many resolved values are remembered: a source that makes a new one for each attempt must not fill the memory.</summary>
    public const int Remembered = 4_096;

    private readonly Lock _gate = new();
    private readonly string[] _given;
    private readonly HashSet<string> _known;
    private readonly Queue<string> _resolved = [];
    private volatile SecretMask _mask;

    public KnownSecrets(IEnumerable<string> given)
    {
        _given = [.. given.Where(value => value.Length >= SecretMask.ShortestValue).Distinct(StringComparer.Ordinal)];
        _known = new(_given, StringComparer.Ordinal);
        _mask = _given.Length == 0 ? SecretMask.None : new(_given);
    }

    /// <summary>What masks them all.</summary>
    public SecretMask Mask => _mask;

    /// <summary>Begins with every secret in this process's environment, whether a task asks for it or not.</summary>
    public static KnownSecrets OfEnvironment() => new(Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Where(entry => ((string)entry.Key).StartsWith(EnvironmentSecrets.Prefix, StringComparison.OrdinalIgnoreCase))
        .Select(entry => (string?)entry.Value ?? ""));

    /// <summary>From now on this one is masked too.</summary>
    public void Add(string value)
    {
        if (value.Length < SecretMask.ShortestValue)
        {
            return;
        }

        lock (_gate)
        {
            if (!_known.Add(value))
            {
                return;
            }

            _resolved.Enqueue(value);
            if (_resolved.Count > Remembered)
            {
                _known.Remove(_resolved.Dequeue());
            }

            _mask = new([.. _given, .. _resolved]);
        }
    }
}
