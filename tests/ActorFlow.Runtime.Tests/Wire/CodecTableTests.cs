using System.Reflection;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Wire.Messages;
using ActorFlow.Runtime.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Wire;

public sealed class CodecTableTests
{
    /// <summary>What tells that a message leaves its node: that sharding routes it, or that it answers such a one.</summary>
    private static readonly Type[] Marks =
    [
        typeof(IWorkflowMessage), typeof(WorkflowReply),
        typeof(ITaskQueueMessage),
        typeof(IDefinitionMessage), typeof(DefinitionReply),
    ];

    public static TheoryData<string> Marked => [.. MarkedTypes().Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Marked))]
    public void A_message_that_leaves_its_node_has_one_codec(string type) =>
        Assert.Single(CodecTable.OfNode.All, codec => codec.Type.FullName == type);

    [Fact]
    public void Every_codec_has_a_sample() => Assert.Equal(
        CodecTable.OfNode.All.Select(codec => codec.Type).ToHashSet(),
        new MessageSamples(ActorRefs.Nobody).All.Values.Select(message => message.GetType()).ToHashSet());

    [Fact]
    public void A_codec_is_found_by_its_type_and_by_its_manifest() => Assert.All(
        new MessageSamples(ActorRefs.Nobody).All.Values,
        message =>
        {
            var codec = CodecTable.OfNode.For(message);
            Assert.Equal(message.GetType(), codec.Type);
            Assert.Same(codec, CodecTable.OfNode.Named(codec.Manifest));
        });

    [Fact]
    public void Two_codecs_of_one_type_are_refused() =>
        Assert.Contains("two codecs", Refusal(Codec("a.1", typeof(string)), Codec("a.2", typeof(string))));

    [Fact]
    public void Two_codecs_with_one_manifest_are_refused() =>
        Assert.Contains("a.1 has two codecs", Refusal(Codec("a.1", typeof(string)), Codec("a.1", typeof(Uri))));

    [Fact]
    public void A_message_without_a_codec_is_refused_by_the_name_of_its_type() =>
        Assert.Contains("Object", Assert.Throws<ArgumentException>(() => CodecTable.OfNode.For(new object())).Message);

    private static IEnumerable<Type> MarkedTypes() =>
        from assembly in (Assembly[])[typeof(WorkflowCommand).Assembly, typeof(CodecTable).Assembly]
        from type in assembly.GetTypes()
        where type is { IsAbstract: false, IsInterface: false }
            && Marks.Any(mark => mark.IsAssignableFrom(type))
            && !type.IsAssignableTo(typeof(INoSerializationVerificationNeeded))
        select type;

    private static string Refusal(params MessageCodec[] codecs) =>
        Assert.Throws<InvalidOperationException>(() => new CodecTable([.. codecs])).Message;

    private static MessageCodec Codec(string manifest, Type type) => new(manifest, type, (_, _) => [], (_, _) => "");
}
