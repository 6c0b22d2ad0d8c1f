using ActorFlow.Runtime.Wire;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorFlow.Runtime.Tests.Wire;

public sealed class MessageFormatTests : TestKit
{
    private readonly MessageSamples _samples;
    private readonly ActorFlowSerializer _serializer;

    public MessageFormatTests()
        : base(Akka.Configuration.Config.Empty, "golden")
    {
        _samples = new(Sys.DeadLetters);
        _serializer = new((ExtendedActorSystem)Sys);
    }

    public static TheoryData<string> Samples => [.. new MessageSamples(ActorRefs.Nobody).All.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_message_is_read_back_as_it_was_written(string sample)
    {
        var message = _samples.All[sample];

        var read = _serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message));

        Assert.Equal(message.GetType(), read.GetType());
        Assert.Equal(Description.Of(message), Description.Of(read));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_bytes_of_a_released_message_never_change(string sample)
    {
        var message = _samples.All[sample];
        var manifest = _serializer.Manifest(message);
        var bytes = _serializer.ToBinary(message);

        Assert.Equal(GoldenFile.Of($"Messages/{manifest}.{sample}", bytes), Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void A_form_of_a_later_version_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => _serializer.FromBinary([], "wf.start.2"));

        Assert.Contains("wf.start.2", error.Message);
    }

    [Fact]
    public void A_description_tells_different_messages_apart() =>
        Assert.Equal(_samples.All.Count, _samples.All.Values.Select(Description.Of).Distinct().Count());
}
