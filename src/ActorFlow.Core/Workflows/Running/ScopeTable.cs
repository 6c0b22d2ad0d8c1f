using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>The live scopes of a run by their number, as a persistent collection: the run's own, which is the only one of most runs, and those of groups.</summary>
internal readonly struct ScopeTable
{
    private static readonly ImmutableDictionary<int, ScopeState> NoGroups = ImmutableDictionary<int, ScopeState>.Empty;

    private readonly ScopeState? _root;
    private readonly ImmutableDictionary<int, ScopeState>? _groups;

    private ScopeTable(ScopeState? root, ImmutableDictionary<int, ScopeState>? groups)
    {
        _root = root;
        _groups = groups;
    }

    public ScopeState this[int id] =>
        TryGetValue(id, out var scope) ? scope : throw new InvalidOperationException($"The run has no scope {id}.");

    public IEnumerable<ScopeState> Values => _root is null ? [] : _groups is null ? [_root] : _groups.Values.Prepend(_root);

    public bool TryGetValue(int id, [NotNullWhen(true)] out ScopeState? scope)
    {
        if (id == 0)
        {
            scope = _root;
            return scope is not null;
        }

        scope = null;
        return _groups?.TryGetValue(id, out scope) == true;
    }

    public bool ContainsKey(int id) => TryGetValue(id, out _);

    public ScopeTable Add(ScopeState scope) => ContainsKey(scope.Id)
        ? throw new InvalidOperationException($"The journal opens scope {scope.Id} twice.")
        : SetItem(scope.Id, scope);

    public ScopeTable SetItem(int id, ScopeState scope) =>
        id == 0 ? new(scope, _groups) : new(_root, (_groups ?? NoGroups).SetItem(id, scope));

    public ScopeTable Remove(int id) =>
        id == 0 ? new(null, _groups)
        : _groups is null ? this
        : new(_root, _groups.Remove(id) is { IsEmpty: false } rest ? rest : null);
}
