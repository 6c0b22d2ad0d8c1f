using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Hosting;

/// <summary>
/// Gives the options that <c>AddActorFlow</c> has read to whoever asks for <see cref="IOptions{TOptions}"/>, after what the application
/// configures later by <c>services.Configure&lt;ActorFlowOptions&gt;</c>. There is one instance of them, however it is asked for.
/// </summary>
internal sealed class NodeOptionsFactory : OptionsFactory<ActorFlowOptions>, IOptionsFactory<ActorFlowOptions>
{
    private readonly ActorFlowOptions _options;
    private readonly string _systemName;
    private readonly Lazy<ActorFlowOptions> _made;

    public NodeOptionsFactory(
        ActorFlowOptions options,
        IEnumerable<IConfigureOptions<ActorFlowOptions>> setups,
        IEnumerable<IPostConfigureOptions<ActorFlowOptions>> postSetups,
        IEnumerable<IValidateOptions<ActorFlowOptions>> validations)
        : base(setups, postSetups, validations)
    {
        _options = options;
        _systemName = options.Cluster.SystemName;
        _made = new(() => Create(Options.DefaultName));
    }

    ActorFlowOptions IOptionsFactory<ActorFlowOptions>.Create(string name)
    {
        // The host was given the name of the ActorSystem before.
        return _made.Value.Cluster.SystemName == _systemName
            ? _made.Value
            : throw new OptionsValidationException(name, typeof(ActorFlowOptions), ["Cluster:SystemName can be set in AddActorFlow only."]);
    }

    protected override ActorFlowOptions CreateInstance(string name) => _options;
}
