/** A fixture of fixtures/formats: which format reads it, and what each of its rows says. */
export interface Said {
  readonly format: string;
  readonly rows: readonly object[];
}

export const system = (text: string) => ({ role: 'system', text });
export const user = (text: string) => ({ role: 'user', text });
export const reply = (text: string) => ({ role: 'assistant', text });
export const context = (text: string) => ({ role: 'assistant', text, trained: false });
export const tool = (text: string, callId?: string) => ({ role: 'tool', text, ...(callId !== undefined && { callId }) });

export const said: Record<string, Said> = {
  'alpaca-dolly': {
    format: 'alpaca',
    rows: [
      {
        messages: [user('Which month does the text name?\nThe lime trees bloom in July.'), reply('July')],
        parts: { instruction: 'Which month does the text name?', input: 'The lime trees bloom in July.' },
      },
      { messages: [user('Why do bees swarm?'), reply('To found a new colony.')], parts: { instruction: 'Why do bees swarm?', input: '' } },
    ],
  },
  'alpaca-orca': {
    format: 'alpaca',
    rows: [
      {
        messages: [system('Think first.'), user('How many wings?'), reply('Two pairs make four.')],
        parts: { instruction: 'How many wings?', input: '' },
      },
    ],
  },
  'alpaca-questions': {
    format: 'alpaca',
    rows: [{ messages: [user('How many legs has a bee?'), reply('Six.')], parts: { instruction: 'How many legs has a bee?', input: '' } }],
  },
  alpaca: {
    format: 'alpaca',
    rows: [
      {
        messages: [user('Correct the spelling.\nThe quene lays egs.'), reply('The queen lays eggs.')],
        parts: { instruction: 'Correct the spelling.', input: 'The quene lays egs.' },
      },
      { messages: [user('Name a bee plant.'), reply('Phacelia.')], parts: { instruction: 'Name a bee plant.', input: '' } },
      {
        messages: [system('You are a gardener.'), user('Name a bee plant.'), reply('Phacelia.'), user('And another?'), reply('Borage.')],
        parts: { instruction: 'And another?', input: '' },
      },
    ],
  },
  'chat-axolotl': {
    format: 'chat',
    rows: [{ messages: [user('Who feeds the larvae?'), context('Whom?'), user('The larvae.'), reply('Nurse bees.')] }],
  },
  'chat-claude-blocks': {
    format: 'chat',
    rows: [
      {
        messages: [
          system('You weigh hives.'),
          user('How heavy is hive 6?'),
          {
            ...reply('Let me look.'),
            reasoning: 'I need the scale.',
            calls: [{ id: 'toolu_01', name: 'weigh_hive', arguments: '{"hive":6}' }],
          },
          tool('33 kg', 'toolu_01'),
          user('In kilograms, please.'),
          reply('33 kg.'),
        ],
      },
      {
        messages: [
          system('You weigh hives.'),
          user('[image v8ldrp35c6]\nAnd this one?'),
          {
            ...reply('{"name":"weigh_hive","arguments":{"hive":7}}'),
            calls: [{ id: 'toolu_02', name: 'weigh_hive', arguments: '{"hive":7}' }],
          },
          tool('29 kg', 'toolu_02'),
          reply('29 kg.'),
        ],
      },
    ],
  },
  'chat-claude': {
    format: 'chat',
    rows: [
      { messages: [system('You help beekeepers.'), user('When do I harvest?'), reply('When the cells are capped.')] },
      { messages: [user('And the second time?'), reply('In late July.')] },
    ],
  },
  'chat-fireworks': {
    format: 'chat',
    rows: [
      {
        messages: [
          system('Be exact.'),
          user('How long does a drone take to hatch?'),
          { ...reply('24 days.'), reasoning: 'Queens take 16, workers 21, drones 24 days.' },
        ],
      },
    ],
  },
  'chat-mistral-thinking': {
    format: 'chat',
    rows: [{ messages: [user('Two boxes of ten frames: how many frames?'), { ...reply('Twenty.'), reasoning: 'Two times ten.' }] }],
  },
  'chat-mistral-vision': {
    format: 'chat',
    rows: [{ messages: [user('Which month is on the label?\n[image_url 1m5pv0rd8to]'), reply('July.')] }],
  },
  'chat-mistral': {
    format: 'chat',
    rows: [
      {
        messages: [
          user('How heavy is hive 4?'),
          {
            ...reply('{"name":"weigh_hive","arguments":{"hive":4}}'),
            calls: [{ id: 'D681PevKs', name: 'weigh_hive', arguments: '{"hive":4}' }],
          },
          tool('27 kg', 'D681PevKs'),
          reply('Hive 4 weighs 27 kg.'),
        ],
      },
    ],
  },
  'chat-openai-parallel': {
    format: 'chat',
    rows: [
      {
        messages: [
          user('How heavy are hives 1 and 2?'),
          {
            ...reply('[{"name":"weigh_hive","arguments":{"hive":1}},{"name":"weigh_hive","arguments":{"hive":2,"unit":"kg"}}]'),
            calls: [
              { id: 'call_a1', name: 'weigh_hive', arguments: '{"hive":1}' },
              { id: 'call_b2', name: 'weigh_hive', arguments: '{"hive":2,"unit":"kg"}' },
            ],
          },
          tool('31 kg', 'call_a1'),
          tool('28 kg', 'call_b2'),
          reply('31 kg and 28 kg.'),
        ],
      },
    ],
  },
  'chat-openai-rft': {
    format: 'chat',
    rows: [{ messages: [system('Answer with one word.'), user('Which bees leave the hive to gather nectar?'), reply('Foragers.')] }],
  },
  'chat-openai-vision': {
    format: 'chat',
    rows: [{ messages: [user('Is this brood capped?\n[image_url jd3bl8ap9z]'), reply('Yes, most of it.')] }],
  },
  'chat-parts': {
    format: 'chat',
    rows: [
      { messages: [user('What is on this frame?\n[image_url wyvm6j0yz7]'), reply('Capped brood.\nA little pollen.')] },
      { messages: [system(''), user('Tell me how to poison a hive.'), reply('I will not help with that.')] },
    ],
  },
  'chat-refusal': { format: 'chat', rows: [{ messages: [user('And a neighbour’s hive?'), reply('No.')] }] },
  'chat-system': {
    format: 'chat',
    rows: [{ messages: [system('Speak plainly.'), user('What is a nuc?'), reply('A small colony in a half-size box.')] }],
  },
  'chat-think': { format: 'chat', rows: [{ messages: [user('Is 7 prime?'), reply('<think>Only 1 and 7 divide it.</think>Yes.')] }] },
  'chat-together-vision': {
    format: 'chat',
    rows: [{ messages: [user('What is this?\n[image_url 1oxr7qvmvln]'), reply('A queen cell.')] }],
  },
  'chat-together': {
    format: 'chat',
    rows: [
      {
        messages: [
          system('Think before you answer.'),
          user('Eight frames, five bees on each. How many bees?'),
          { ...reply('Forty.'), reasoning: 'Eight times five is forty.' },
        ],
      },
      {
        messages: [
          user('And with one frame less?'),
          context('Which hive?'),
          user('The same.'),
          { ...reply('Thirty-five.'), reasoning: 'Seven times five is thirty-five.' },
        ],
      },
    ],
  },
  'chat-tools-trl': {
    format: 'chat',
    rows: [
      {
        messages: [
          user('Weigh both hives.'),
          {
            ...reply('Both at once.'),
            calls: [
              { id: 'a', name: 'weigh', arguments: '{"hive":1}' },
              { id: 'b', name: 'weigh', arguments: '{"hive":2}' },
            ],
          },
          tool('31 kg', 'a'),
          tool('28 kg', 'b'),
          reply('31 kg and 28 kg.'),
        ],
      },
      {
        messages: [
          user('Close both.'),
          {
            ...reply('[{"name":"close","arguments":{"lid":1}},{"name":"close","arguments":{"lid":2}}]'),
            calls: [
              { name: 'close', arguments: '{"lid":1}' },
              { name: 'close', arguments: '{"lid":2}' },
            ],
          },
        ],
      },
    ],
  },
  'chat-tools': {
    format: 'chat',
    rows: [
      {
        messages: [
          user('Will it rain in Lund?'),
          {
            ...reply('{"name":"forecast","arguments":{"place":"Lund"}}'),
            calls: [{ id: 'call_1', name: 'forecast', arguments: '{"place":"Lund"}' }],
          },
          tool('{"rain":0.8}', 'call_1'),
          reply('Very likely.'),
        ],
      },
      {
        messages: [
          user('Open the lid.'),
          { ...reply('{"name":"open","arguments":{}}'), calls: [{ name: 'open', arguments: '{}' }] },
          tool('done'),
          reply('It is open.'),
        ],
      },
    ],
  },
  'chat-trl-harmony': {
    format: 'chat',
    rows: [
      {
        messages: [
          system('Use short words.'),
          user('Why smoke?'),
          { ...reply('It calms them.'), reasoning: 'Smoke masks the alarm scent.' },
        ],
      },
    ],
  },
  'chat-trl-vision': {
    format: 'chat',
    rows: [{ messages: [user('[image 1jz4a0w5sc9]\nDo you see the queen?'), reply('Yes, on the left.')] }],
  },
  'chat-trl': {
    format: 'chat',
    rows: [
      {
        messages: [
          user('How heavy is hive 5?'),
          {
            ...reply('{"name":"weigh_hive","arguments":{"hive":5,"unit":null}}'),
            calls: [{ name: 'weigh_hive', arguments: '{"hive":5,"unit":null}' }],
          },
          tool('30 kg'),
          reply('30 kg.'),
        ],
      },
    ],
  },
  chat: {
    format: 'chat',
    rows: [
      {
        messages: [
          system('You help people who keep bees.'),
          user('When do I add a second box?'),
          reply('When seven of ten frames are covered.'),
        ],
      },
      {
        messages: [
          system('Answer in one line.'),
          user('Is smoke harmful?'),
          context('Which smoke?'),
          user('From the smoker.'),
          reply('Not in small amounts.'),
        ],
      },
    ],
  },
  cohere: {
    format: 'cohere',
    rows: [
      { messages: [system('You sell honey.'), user('Is it raw?'), reply('Yes.')] },
      { messages: [user('What does a jar cost?'), reply('Eight euros.')] },
    ],
  },
  'gemini-files': {
    format: 'gemini',
    rows: [
      { messages: [user('[fileData 16d3ydzlqgh]\nIs the queen on it?'), reply('Yes.')] },
      { messages: [user('[inlineData 5su4enlbyk]\nAnd on this one?'), reply('No.')] },
    ],
  },
  'gemini-preference': {
    format: 'gemini-preference',
    rows: [
      {
        messages: [
          system('Be kind.'),
          user('Hello.'),
          context('Hello, how can I help?'),
          user('My bees are gone.'),
          reply('I am sorry. Did they swarm?'),
        ],
        rejected: [reply('Bad luck.')],
      },
      { messages: [user('Name a flower.'), reply('Borage.')], rejected: [reply('No.')] },
    ],
  },
  'gemini-snake': {
    format: 'gemini',
    rows: [
      {
        messages: [
          system('You are a beekeeper.'),
          user('Hive 9?'),
          { ...reply('{"name":"weigh_hive","arguments":{"hive":9}}'), calls: [{ name: 'weigh_hive', arguments: '{"hive":9}' }] },
          tool('{"kg":26}'),
          reply('26 kg.'),
        ],
      },
    ],
  },
  'gemini-tools': {
    format: 'gemini',
    rows: [
      {
        messages: [
          user('Hives 1 and 2?'),
          {
            ...reply('[{"name":"weigh_hive","arguments":{"hive":1}},{"name":"weigh_hive","arguments":{"hive":2}}]'),
            reasoning: 'Two calls.',
            calls: [
              { id: 'f1', name: 'weigh_hive', arguments: '{"hive":1}' },
              { id: 'f2', name: 'weigh_hive', arguments: '{"hive":2}' },
            ],
          },
          tool('{"kg":31}', 'f1'),
          tool('{"kg":28}', 'f2'),
          reply('31 kg and 28 kg.'),
        ],
      },
    ],
  },
  gemini: {
    format: 'gemini',
    rows: [
      { messages: [system('You are a beekeeper.'), user('When do I feed them?'), reply('In autumn.')] },
      { messages: [user('With what?'), reply('With sugar syrup,\nthree to two.')] },
    ],
  },
  'interactions-content': { format: 'interactions', rows: [{ messages: [user('Who dances?'), reply('Foragers.')] }] },
  interactions: {
    format: 'interactions',
    rows: [
      {
        messages: [
          system('You keep bees.'),
          user('How heavy is hive 3?'),
          {
            ...reply('{"name":"weigh_hive","arguments":{"hive":3}}'),
            calls: [{ id: 'A12bC34dE', name: 'weigh_hive', arguments: '{"hive":3}' }],
          },
          tool('29 kg', 'A12bC34dE'),
          reply('29 kg.'),
        ],
      },
    ],
  },
  'kto-alpaca': {
    format: 'kto',
    rows: [
      {
        messages: [user('Put it in the past tense.\nThe queen lays.'), reply('The queen laid.')],
        parts: { instruction: 'Put it in the past tense.', input: 'The queen lays.' },
      },
      {
        messages: [user('Put it in the plural.\nA bee')],
        rejected: [reply('Bee')],
        parts: { instruction: 'Put it in the plural.', input: 'A bee' },
      },
    ],
  },
  'kto-chat': {
    format: 'kto',
    rows: [
      { messages: [user('Do bees sleep?'), context('Yes.'), user('When?'), reply('Mostly at night.')] },
      { messages: [user('Do wasps?')], rejected: [reply('Who cares?')] },
    ],
  },
  'kto-messages': {
    format: 'kto',
    rows: [
      { messages: [user('Name a mite.'), reply('Varroa.')] },
      { messages: [user('Name a wasp.'), context('Which kind?'), user('Any.')], rejected: [reply('No.')] },
    ],
  },
  'kto-sharegpt': {
    format: 'kto',
    rows: [
      { messages: [user('What is a cluster?'), reply('Bees that keep warm together.')] },
      { messages: [user('What is a nuc?')], rejected: [reply('Something small.')] },
    ],
  },
  kto: {
    format: 'kto',
    rows: [
      { messages: [user('Is wax edible?'), reply('Yes, in small amounts.')] },
      { messages: [user('Is propolis edible?')], rejected: [reply('Find out yourself.')] },
    ],
  },
  'nova-media': {
    format: 'nova',
    rows: [
      { messages: [user('What is it?\n[image 1qtiojyg8sm]'), reply('A drone cell.')] },
      { messages: [user('[video 26t22sh98nn]\nWhat happens?'), reply('They swarm.')] },
    ],
  },
  'nova-reasoning': {
    format: 'nova',
    rows: [{ messages: [system('Think first.'), user('Six frames of four bees?'), { ...reply('24.'), reasoning: 'Six times four.' }] }],
  },
  'nova-tools': {
    format: 'nova',
    rows: [
      {
        messages: [
          user('How heavy is hive 2?'),
          { ...reply('One moment.'), calls: [{ id: 't1', name: 'weigh_hive', arguments: '{"hive":2}' }] },
          tool('{"kg":28}', 't1'),
          reply('28 kg.'),
        ],
      },
    ],
  },
  nova: {
    format: 'nova',
    rows: [
      { messages: [system('You keep bees.'), user('What do I need in April?'), reply('A second box.')] },
      { messages: [user('And in May?\nBriefly.'), reply('A third.')] },
    ],
  },
  'preference-alpaca': {
    format: 'preference',
    rows: [
      {
        messages: [user('Rewrite in the passive.\nThe bee stings the dog.'), reply('The dog is stung by the bee.')],
        rejected: [reply('The dog stings the bee.')],
        parts: { instruction: 'Rewrite in the passive.', input: 'The bee stings the dog.' },
      },
      {
        messages: [user('Begin.'), context('Done.'), user('Again.'), reply('Done again.')],
        rejected: [reply('No.')],
        parts: { instruction: 'Again.', input: '' },
      },
    ],
  },
  'preference-dialogue': {
    format: 'preference',
    rows: [
      { messages: [user('\n\nHuman: What do larvae eat?\n\nAssistant:'), reply(' Royal jelly at first.')], rejected: [reply(' Leaves.')] },
    ],
  },
  'preference-implicit': {
    format: 'preference',
    rows: [
      {
        messages: [user('What is propolis?'), context('A resin?'), user('Yes. From where?'), reply('From buds and bark.')],
        rejected: [reply('From the shop.')],
      },
      { messages: [user('Same?'), reply('Same.')], rejected: [reply('Same.')] },
    ],
  },
  'preference-messages': {
    format: 'preference',
    rows: [{ messages: [user('Name a mite.'), reply('Varroa destructor.')], rejected: [reply('No idea.')] }],
  },
  'preference-openai': {
    format: 'preference',
    rows: [{ messages: [user('Name a hive type.'), reply('Langstroth.')], rejected: [reply('Box.')] }],
  },
  'preference-questions': {
    format: 'preference',
    rows: [
      {
        messages: [system('Be kind.'), user('Do bees sleep?'), reply('Yes, mostly at night.')],
        rejected: [reply('Why would you ask?')],
        parts: { instruction: 'Do bees sleep?', input: '' },
      },
    ],
  },
  'preference-sharegpt': {
    format: 'preference',
    rows: [{ messages: [system('Be exact.'), user('How hot is the brood nest?'), reply('About 35 °C.')], rejected: [reply('Warm.')] }],
  },
  'preference-together': {
    format: 'preference',
    rows: [
      {
        messages: [
          system('You weigh hives.'),
          user('How heavy is hive 8?'),
          {
            ...reply('{"name":"weigh_hive","arguments":{"hive":8}}'),
            calls: [{ id: 'call_8', name: 'weigh_hive', arguments: '{"hive":8}' }],
          },
        ],
        rejected: [reply('Heavy.')],
      },
    ],
  },
  'preference-turn': { format: 'preference', rows: [{ messages: [user('Is it true?'), reply('It is.')], rejected: [reply('Is it?')] }] },
  'preference-ultrafeedback': {
    format: 'preference',
    rows: [{ messages: [user('What is a drone?'), reply('A male bee.')], rejected: [reply('A toy.')] }],
  },
  preference: {
    format: 'preference',
    rows: [
      { messages: [user('Is honey vegan?'), reply('Most vegans say no, because bees make it.')], rejected: [reply('Obviously not.')] },
    ],
  },
  'prompt-completion-messages': {
    format: 'prompt-completion',
    rows: [
      {
        messages: [system('Be brief.'), user('Who guards the hive?'), context('Guard bees.'), user('For how long?'), reply('A few days.')],
      },
      { messages: [user('Who builds the comb?'), reply('Young workers.')] },
    ],
  },
  'prompt-completion': {
    format: 'prompt-completion',
    rows: [
      { messages: [user('Bees that gather pollen are called'), reply(' foragers')] },
      { messages: [user('Name the youngest workers.'), reply('Nurse bees')] },
    ],
  },
  'prompt-response': { format: 'prompt-completion', rows: [{ messages: [user('Who lays the eggs?'), reply('The queen.')] }] },
  segments: {
    format: 'segments',
    rows: [
      { messages: [user('Question: who guards the hive?\nAnswer:'), reply(' Guard bees.'), user('\n')] },
      { messages: [reply('Once upon a time there was a bee.')] },
    ],
  },
  'sharegpt-roles': { format: 'sharegpt', rows: [{ messages: [user('Do wasps make honey?'), reply('A few kinds do.')] }] },
  'sharegpt-system': {
    format: 'sharegpt',
    rows: [
      {
        messages: [
          system('Be long.'),
          user('Why a queen excluder?'),
          reply('So that the queen stays below and lays no eggs in the honey.'),
        ],
      },
    ],
  },
  'sharegpt-tools': {
    format: 'sharegpt',
    rows: [
      {
        messages: [
          user('How heavy is hive 3?'),
          { ...reply('{"name": "weigh", "arguments": {"hive": 3}}'), calls: [{ name: 'weigh', arguments: '{"hive":3}' }] },
          tool('27 kg'),
          reply('27 kg.'),
        ],
      },
    ],
  },
  sharegpt: {
    format: 'sharegpt',
    rows: [
      { messages: [user('What is a super?'), reply('A box for honey.')] },
      { messages: [system('Be short.'), user('And below?'), reply('The brood box.')] },
    ],
  },
  stepwise: {
    format: 'stepwise',
    rows: [
      { messages: [user('Three hives of 30 kg and one of 20: how many kilograms?'), reply('Three times 30 is 90.\n90 and 20 is 110.')] },
      { messages: [user('Half of 31?'), reply('Half of 31 is 16.')] },
    ],
  },
  'text-content': {
    format: 'text',
    rows: [
      { messages: [reply('A colony winters on twelve kilograms of honey.')] },
      { messages: [reply('Heather honey sets like jelly.')] },
    ],
  },
  'text-label-boolean': { format: 'text', rows: [{ messages: [user('The queen is marked.'), reply('true')] }] },
  'text-label-number': { format: 'text', rows: [{ messages: [user('No bees fly at noon.'), reply('2')] }] },
  'text-label': { format: 'text', rows: [{ messages: [user('The hive is loud and the bees are fanning.'), reply('hot')] }] },
  text: {
    format: 'text',
    rows: [{ messages: [reply('Honey keeps for years when it is dry.')] }, { messages: [reply('Wax melts at 62 °C.')] }],
  },
};
