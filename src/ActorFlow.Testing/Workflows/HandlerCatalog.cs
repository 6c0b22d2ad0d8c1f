using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Attempts;
using ActorFlow.Runtime.Tasks.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ActorFlow.Testing.Workflows;

/// <summary>The handlers of the workers of a test, and their services.</summary>
internal sealed class HandlerCatalog : IAsyncDisposable
{
    private readonly Dictionary<string, Func<IServiceProvider, ITaskHandler>> _handlers;
    private readonly ServiceProvider _services;
    private readonly KnownSecrets _known = new([]);

    public HandlerCatalog(WorkflowTestSetup setup, TimeProvider clock)
    {
        setup.Services.AddLogging();
        setup.Services.TryAddSingleton(clock);
        _services = setup.Services.BuildServiceProvider();
        _handlers = _services.GetServices<TaskRegistration>()
            .GroupBy(registration => registration.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Create, StringComparer.Ordinal);
        Outlet = new(_known, Limits.PayloadBytes, new WorkerOptions().MessageLimit);
        Add(setup);
    }

    public IServiceProvider Services => _services;

    /// <summary>The outlet of everything that handlers send, as on a worker.</summary>
    public AttemptOutlet Outlet { get; }

    public Dictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _handlers.Keys.Order(StringComparer.Ordinal);

    public void Add(HandlerSet more)
    {
        foreach (var (name, create) in more.Handlers)
        {
            _handlers[name] = create;
        }

        foreach (var (name, value) in more.Secrets)
        {
            Secrets[name] = value;
            _known.Add(value);
        }
    }

    public bool Offers(string handler) => _handlers.ContainsKey(handler);

    public ITaskHandler Create(string handler, IServiceProvider scope) => _handlers[handler](scope);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
